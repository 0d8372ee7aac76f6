"""Reviews, questions and comments (P8): who may write, what is done with it, and how pages show it.

`writers` says who somebody is and what they bought, `writing` is every deed of an author, `spam` judges words,
`moderation` is every deed of the shop, `listing` reads what is published, `invitations` asks buyers once.
"""
