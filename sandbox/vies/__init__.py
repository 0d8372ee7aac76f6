"""The stand-in for VIES, the European Commission's register of VAT numbers."""
