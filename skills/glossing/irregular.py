"""English words whose forms share no beginning: the form a dictionary lists them by."""

from __future__ import annotations

from collections.abc import Mapping

_FORMS = """
arise arose arisen; bear bore borne; beat beaten; become became; begin began begun; bend bent;
bite bit bitten; bleed bled; blow blew blown; break broke broken; breed bred; bring brought;
build built; burn burnt; buy bought; catch caught; choose chose chosen; come came; cut cutting;
deal dealt; dig dug; draw drew drawn; dream dreamt; drink drank drunk; drive drove driven;
eat ate eaten; fall fell fallen; feed fed; feel felt; fight fought; find found; flee fled;
fly flew flown; forbid forbade forbidden; forget forgot forgotten; freeze froze frozen;
get got gotten; give gave given; go went gone; grow grew grown; hang hung; hear heard;
hide hid hidden; hold held; keep kept; know knew known; lay laid; lead led; leave left; lend lent;
lose lost; make made; mean meant; meet met; pay paid; ride rode ridden; ring rang rung;
rise rose risen; run ran; see saw seen; seek sought; sell sold; send sent; shake shook shaken;
shine shone; shoot shot; show shown; shrink shrank shrunk; sing sang sung; sink sank sunk;
sit sat; sleep slept; speak spoke spoken; spend spent; spin spun; stand stood; steal stole stolen;
stick stuck; strike struck; swear swore sworn; swim swam swum; swing swung; take took taken;
teach taught; tear tore torn; tell told; think thought; throw threw thrown;
understand understood; wake woke woken; wear wore worn; win won; wind wound; write wrote written;
child children; man men; woman women; foot feet; tooth teeth; goose geese; mouse mice;
person people; life lives; wife wives; leaf leaves; half halves; city cities; country countries;
army armies; party parties; die died dying; lie lying; tie tied;
use used using; age aged; owe owed
"""
BASE: Mapping[str, str] = {
    form: forms.split()[0] for forms in _FORMS.split(";") for form in forms.split()[1:]
}
"""The listed form by another one."""
