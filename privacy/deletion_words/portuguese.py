"""Portuguese."""

WORDS = {
    "proof": {
        "subject": "Confirme a eliminação dos seus dados ({number})",
        "title": "Confirme que os seus dados devem ser eliminados.",
        "asked": (
            "Um e-mail para {store} pede-nos que eliminemos os dados pessoais deste endereço. Qualquer pessoa "
            "pode escrever um e-mail assim, por isso não fazemos nada antes da sua confirmação."
        ),
        "how": "Abra esta página e confirme lá. O link funciona uma vez, até {until}.",
        "deed": "Confirmar a eliminação",
        "reply": "Ou responda a este e-mail com a palavra “Sim”.",
        "not_you": "Se não quer isto, não faça nada. Depois desse dia o pedido é fechado e tudo fica como está.",
        "same": (
            "Enviamos este e-mail a todos os endereços indicados num pedido assim, quer guardemos alguma coisa "
            "quer não."
        ),
    },
    "acknowledgement": {
        "subject": "Recebemos o seu e-mail sobre a eliminação de dados ({number})",
        "title": "Recebemos o seu e-mail.",
        "received": "Lemo-lo como pedido de eliminação de dados pessoais, com o número {number}.",
        "next": (
            "Antes de eliminarmos algo, o endereço a que os dados pertencem confirma-o: escrevemos em separado "
            "a esse endereço e a nenhum outro."
        ),
        "until": ("Recebe a nossa resposta o mais tardar em {until}. Quando tudo estiver feito, a pessoa é informada."),
    },
    "page": {
        "title": "Confirmar a eliminação dos seus dados",
        "lede": "Com o botão confirma que os dados pessoais do seu endereço em {store} devem ser eliminados.",
        "next": (
            "A nossa equipa revê depois tudo, elimina o que não precisa de ser guardado e escreve-lhe o que foi "
            "eliminado, o que tem de ficar e até quando. Licenças em vigor podem terminar. Até a eliminação "
            "começar, pode retirar o pedido respondendo ao nosso e-mail."
        ),
        "deed": "Sim, eliminar os meus dados",
        "done_title": "Está confirmado",
        "done": (
            "A nossa equipa continua a partir daqui. Recebe um e-mail quando os seus dados estiverem "
            "eliminados, e não antes."
        ),
        "over_title": "Este link não funciona",
        "over": (
            "Já foi usado, é demasiado antigo ou está incompleto. Escreva para {support} e peça de novo a "
            "eliminação: recebe um novo link."
        ),
    },
    "notice": {
        "subject": "Os seus dados foram eliminados ({number})",
        "title": "Os seus dados foram eliminados.",
        "done": (
            "Pediu a {store} que eliminasse os seus dados pessoais. Está feito. Depois revimos tudo o que "
            "guardamos e de si só encontrámos o que este e-mail indica."
        ),
        "erased": "Eliminámos, ou deixámos de ligar a si:",
        "kept": "Isto temos de guardar:",
        "kept_how": "Entretanto está bloqueado: só o usamos por estas razões, e depois é eliminado por si.",
        "nothing_kept": "Não guardamos nada.",
        "told": "Empresas que trabalham para nós também tinham dados seus:",
        "forgotten": (
            "Os seus e-mails sobre isto também foram eliminados. Guardamos o endereço deste e-mail, cifrado, "
            "durante três dias, caso seja devolvido; depois deixamos de o conhecer."
        ),
        "complain": "Se acha que algo está errado, responda a este e-mail ou apresente reclamação a {authority}.",
    },
    "notice_authority": {
        "any": (
            "uma autoridade de proteção de dados, como a do seu país: "
            "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en"
        ),
    },
    "notice_groups": {
        "account": "a sua conta com os seus endereços",
        "sign_in": "os seus acessos e segundos fatores",
        "cart": "o seu carrinho",
        "orders": "quem é nas suas encomendas",
        "notes": "notas sobre as suas encomendas",
        "payments": "o que leva dos seus pagamentos a si",
        "licenses": "a ligação das licenças a si",
        "consents": "a prova dos seus consentimentos",
        "copies": "cópias dos seus dados",
        "other": "outros dados sobre si",
    },
    "notice_grounds": {
        "law": "a lei fiscal exige-o (art. 6.º, n.º 1, al. c) RGPD)",
        "interest": "podemos ter de o provar (art. 6.º, n.º 1, al. f) RGPD)",
        "contract": "um contrato consigo ainda precisa dele (art. 6.º, n.º 1, al. b) RGPD)",
        "hold": "um litígio ou uma autoridade precisa dele (art. 17.º, n.º 3 RGPD)",
        "under_way": "está em curso um pagamento, reembolso ou disputa",
    },
    "notice_kept": {
        "until": "{what}, até {until}: {why}",
        "open": "{what}, até isso terminar: {why}",
    },
    "notice_providers": {
        "done": "{name} eliminou-os.",
        "open": "{name} elimina-os quando nenhum reembolso e nenhuma disputa precisar deles.",
    },
    "provider_done": {
        "subject": "{provider} também eliminou os seus dados ({number})",
        "title": "{provider} eliminou os seus dados.",
        "done": (
            "Quando lhe dissemos que os seus dados estavam eliminados, faltava uma coisa: {provider} precisava "
            "dos seus pagamentos para um reembolso ou uma disputa. Esse prazo passou, e {provider} eliminou o "
            "que tinha de si para nós."
        ),
        "kept": "O que ainda guardamos das suas encomendas, e até quando, está no nosso e-mail anterior.",
    },
    "foot": {
        "why": ("Recebe este e-mail por causa de um pedido de eliminação de dados. Não há nenhuma lista de onde sair."),
        "questions": "Perguntas: responda a este e-mail.",
        "imprint": "Informação legal",
        "policy": "Política de privacidade",
    },
    "extended": {
        "subject": "O seu pedido demora mais ({number})",
        "title": "O seu pedido demora mais.",
        "said": (
            "Não conseguimos responder ao seu pedido {number} no primeiro mês. Recebe a nossa resposta o mais "
            "tardar em {until}."
        ),
        "because": "A razão:",
        "complain": (
            "Se acha que está errado, responda a este e-mail ou apresente reclamação a uma autoridade de "
            "proteção de dados."
        ),
    },
    "refused": {
        "subject": "Não podemos eliminar os seus dados ({number})",
        "title": "Não podemos atender o seu pedido.",
        "said": "Com o seu pedido {number} não eliminámos nada.",
        "because": "A razão:",
        "complain": (
            "Se acha que está errado, responda a este e-mail. Também pode apresentar reclamação a uma "
            "autoridade de proteção de dados ou recorrer a um tribunal."
        ),
    },
}
