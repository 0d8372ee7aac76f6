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
