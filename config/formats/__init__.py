"""How the shop writes moments where nobody says otherwise, a folder a language (`FORMAT_MODULE_PATH`)."""
