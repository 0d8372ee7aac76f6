"""Spanish."""

WORDS = {
    "proof": {
        "subject": "Confirme la supresión de sus datos ({number})",
        "title": "Confirme que sus datos deben suprimirse.",
        "asked": (
            "Un correo a {store} nos pide suprimir los datos personales de esta dirección. Cualquiera puede escribir "
            "un correo así, por eso no hacemos nada hasta que usted lo confirme."
        ),
        "how": "Abra esta página y confírmelo allí. El enlace sirve una vez, hasta el {until}.",
        "deed": "Confirmar la supresión",
        "reply": "O responda a este correo con «Sí».",
        "not_you": "Si no lo quiere, no haga nada. Pasado ese día, la solicitud se cierra y todo queda como está.",
        "same": "Escribimos este correo a toda dirección que una solicitud así nombra, guardemos algo sobre ella o no.",
    },
    "acknowledgement": {
        "subject": "Hemos recibido su correo sobre la supresión de datos ({number})",
        "title": "Hemos recibido su correo.",
        "received": "Lo entendemos como una solicitud de suprimir datos personales, con el número {number}.",
        "next": (
            "Antes de suprimir nada, lo confirma la dirección de cuyos datos se trata: le escribimos por separado, y "
            "a ninguna otra."
        ),
        "until": "Tendrá nuestra respuesta a más tardar el {until}. Cuando todo esté hecho, se avisa a la persona.",
    },
    "page": {
        "title": "Confirmar la supresión de sus datos",
        "lede": "Con el botón confirma que los datos personales de su dirección en {store} deben suprimirse.",
        "next": (
            "Después nuestro equipo lo revisa todo, suprime lo que no hay que conservar y le escribe qué se "
            "suprimió, qué debe quedar y hasta cuándo. Licencias en vigor pueden terminar con ello. Hasta que la "
            "supresión empiece, puede retirarla respondiendo a nuestro correo."
        ),
        "deed": "Sí, suprimir mis datos",
        "done_title": "Lo ha confirmado",
        "done": "Desde aquí sigue nuestro equipo. Recibirá un correo cuando sus datos estén suprimidos, y no antes.",
        "over_title": "Este enlace no sirve",
        "over": (
            "Ya se usó, es demasiado antiguo o llegó cortado. Escriba a {support} y pida de nuevo la supresión: "
            "recibirá un enlace nuevo."
        ),
    },
    "notice": {
        "subject": "Sus datos están eliminados ({number})",
        "title": "Sus datos están eliminados.",
        "done": (
            "Usted pidió a {store} que eliminara sus datos personales. Está hecho. Después revisamos todo lo que "
            "guardamos y no encontramos de usted más que lo que nombra este correo."
        ),
        "erased": "Hemos eliminado, o desvinculado de usted:",
        "kept": "Esto tenemos que conservarlo:",
        "kept_how": (
            "Mientras tanto está bloqueado: solo lo usamos por estas razones, y después se elimina por sí mismo."
        ),
        "nothing_kept": "No conservamos nada.",
        "told": "También empresas que trabajan para nosotros tenían datos suyos:",
        "forgotten": (
            "Sus correos sobre este asunto también están eliminados. Guardamos cifrada la dirección de este correo "
            "durante tres días, por si vuelve; después ya no la conocemos."
        ),
        "complain": "Si cree que algo no es correcto, responda a este correo o reclame ante {authority}.",
    },
    "notice_authority": {
        "any": (
            "una autoridad de protección de datos, por ejemplo la de su país: https://www.edpb.europa.eu/about-edpb/"
            "about-edpb/members_es"
        ),
    },
    "notice_groups": {
        "account": "su cuenta con sus direcciones",
        "sign_in": "sus inicios de sesión y segundos factores",
        "cart": "su cesta",
        "orders": "quién es usted en sus pedidos",
        "notes": "notas sobre sus pedidos",
        "payments": "lo que lleva de sus pagos a usted",
        "licenses": "el vínculo entre licencias y usted",
        "consents": "la prueba de sus consentimientos",
        "copies": "copias de sus datos",
        "other": "otros datos sobre usted",
    },
    "notice_grounds": {
        "law": "la ley tributaria lo exige (art. 6.1 c RGPD)",
        "interest": "quizá tengamos que demostrarlo (art. 6.1 f RGPD)",
        "contract": "un contrato con usted aún lo necesita (art. 6.1 b RGPD)",
        "hold": "un litigio o una autoridad lo necesita (art. 17.3 RGPD)",
        "under_way": "hay un pago, un reembolso o una disputa en curso",
    },
    "notice_kept": {
        "until": "{what}, hasta el {until}: {why}",
        "open": "{what}, hasta que eso termine: {why}",
    },
    "notice_providers": {
        "done": "{name} los ha eliminado.",
        "open": "{name} los elimina cuando ningún reembolso ni disputa los necesite ya.",
    },
    "provider_done": {
        "subject": "{provider} también ha borrado sus datos ({number})",
        "title": "{provider} ha borrado sus datos.",
        "done": (
            "Cuando le dijimos que sus datos estaban eliminados quedaba algo pendiente: {provider} "
            "necesitaba sus pagos para un reembolso o una disputa. Ese plazo ha pasado, y {provider} ha "
            "borrado lo que tenía de usted para nosotros."
        ),
        "kept": "Lo que aún conservamos de sus pedidos, y hasta cuándo, consta en nuestro correo anterior.",
    },
    "foot": {
        "why": "Recibe este correo por una solicitud de supresión de datos. No está en ninguna lista.",
        "questions": "Preguntas: responda a este correo.",
        "imprint": "Aviso legal",
        "policy": "Política de privacidad",
    },
    "extended": {
        "subject": "Su solicitud tarda más ({number})",
        "title": "Su solicitud tarda más.",
        "said": (
            "No podemos responder a su solicitud {number} dentro del primer mes. Recibirá nuestra respuesta "
            "a más tardar el {until}."
        ),
        "because": "El motivo:",
        "complain": (
            "Si no está de acuerdo, responda a este correo o reclame ante una autoridad de protección de datos."
        ),
    },
    "refused": {
        "subject": "No podemos borrar sus datos ({number})",
        "title": "No podemos atender su solicitud.",
        "said": "No hemos borrado nada por su solicitud {number}.",
        "because": "El motivo:",
        "complain": (
            "Si no está de acuerdo, responda a este correo. También puede reclamar ante una autoridad de "
            "protección de datos o acudir a los tribunales."
        ),
    },
}
