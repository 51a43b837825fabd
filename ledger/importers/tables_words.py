"""By which words a header may call a field: English, German, French, Spanish, Portuguese.

Folded: small letters, no accents; the first field that has a word gets the column.
"""

HEADER_WORDS = {
    "reference_period": "reference period|period|reference date|as of date|berichtszeitraum"
    "|zeitraum|stichtag|stand|periode|periodo|fecha de referencia|data de referencia",
    "published": "published|date published|publication date|date of publication|published on"
    "|published at|veroffentlicht|veroffentlichungsdatum|erschienen|erscheinungsdatum|publie"
    "|publie le|date de publication|publicado|fecha de publicacion|publicado em"
    "|data de publicacao|data da publicacao",
    "speaker_kind": "speaker type|speaker kind|type of speaker|art des sprechers"
    "|type de locuteur|tipo de hablante|tipo de falante",
    "attributed_to": "attributed to|attribution|zugeschrieben|attribue a|atribuido a",
    "speaker": "speaker|who|claimant|claimed by|said by|speaker name|name of speaker|person"
    "|politician|spokesperson|official|name|sprecher|sprecherin|redner|rednerin|wer|politiker"
    "|politikerin|orateur|locuteur|locutrice|declarant|qui|personne|personnalite|politicien|nom"
    "|orador|oradora|hablante|portavoz|declarante|quien|persona|politico|nombre|falante|quem"
    "|pessoa|porta voz|nome",
    "said_at": "said at|said on|date said|date|day|when|date of statement|statement date|claim date"
    "|gesagt am|datum|tag|wann|jour|quand|date de la declaration|fecha|dia|cuando|data|quando",
    "quote": "quote|quotation|exact words|verbatim|wording|zitat|wortlaut|citation|verbatim|cita"
    "|cita textual|citacao|palavras",
    "proposition": "proposition|claim|statement|assertion|claim text|what|what was said|allegation"
    "|aussage|behauptung|these|was|affirmation|declaration|propos|allegation|afirmacion"
    "|declaracion|alegacion|que|afirmacao|declaracao|alegacao|o que",
    "measure": "measure|indicator|metric|variable|what is counted|kennzahl|messgrosse|indikator"
    "|indicateur|mesure|grandeur|indicador|medida|magnitud|metrica",
    "unit": "unit|units|einheit|unite|unidad|unidade",
    "words": "words of the number|number words|value text|figure as said",
    "value": "value|number|figure|count|amount|estimate|total|wert|zahl|anzahl|menge|summe"
    "|valeur|chiffre|nombre de|montant|valor|cifra|cantidad|numero|quantidade|montante",
    "publisher": "publisher|outlet|news outlet|newspaper|media|medium|media outlet|agency"
    "|publication|zeitung|herausgeber|verlag|agentur|editeur|journal|media|agence|medio|periodico"
    "|agencia|editor|veiculo|jornal|imprensa",
    "title": "title|headline|article|titel|uberschrift|schlagzeile|titre|titulo|titular|manchete",
    "url": "url|link|web|website|source url|source link|adresse|lien|enlace|sitio|endereco",
    "source": "source|sources|reference|ref|document|quelle|quellen|beleg|nachweis|source d info"
    "|fuente|fuentes|referencia|fonte|fontes",
    "topics": "topic|topics|tag|tags|keywords|category|thema|themen|schlagwort|schlagworte"
    "|kategorie|sujet|sujets|theme|themes|mots cles|categorie|tema|temas|etiquetas"
    "|palabras clave|categoria|assunto|assuntos|palavras chave",
    "speech_act": "speech act|act|sprechakt|acte de langage|acto de habla|ato de fala",
    "quote_mode": "quote mode|direct or indirect",
    "venue": "venue|place|location|where|ort|wo|lieu|lugar|donde|local|onde",
    "language": "language|lang|sprache|langue|idioma|lingua",
    "note": "note|notes|comment|comments|remark|remarks|notiz|notizen|anmerkung|anmerkungen"
    "|kommentar|bemerkung|bemerkungen|remarque|remarques|commentaire|nota|notas|comentario"
    "|comentarios|observacion|observaciones|observacao|observacoes",
    "id": "id|statement id|claim id|key|nr|no|kennung|identifiant|identificador",
}

# What the column of a year is called; a number in it is none that is claimed.
YEARS = frozenset(("year", "jahr", "annee", "ano", "anio", "fiscal year"))

FIELD_OF = {
    word: field
    for field, listed in reversed(HEADER_WORDS.items())
    for word in reversed(listed.split("|"))
}
