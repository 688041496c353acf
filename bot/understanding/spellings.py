"""
How people abbreviate when they text: general habits of writing, a line each, folded spelling first.

The words of the trade are not here but in the pack's `concepts.yaml`. Elided words keep their apostrophe apart ("j'
ai"), as `text.tokens` gives them.
"""

FRENCH = """
1 un
2 de
2m1 demain
2main demain
ac avec
ajd aujourd' hui
ak avec
apel appel
apre apres
aprem apres midi
asap vite
att attendre
auj aujourd' hui
av avez
avc avec
b1 bien
bcp beaucoup
bi1 bien
bjr bonjour
bn bien
bocou beaucoup
bonj bonjour
bsn besoin
bsr bonsoir
bzr bizarre
c c' est
cad c' est a dire
cb combien
cbien combien
che sais
chu je suis
chui je suis
chuis je suis
ck c' est que
cki c' est qui
cmb combien
cmt comment
comen comment
coment comment
cour cours
cst c' est
dac d' accord
dacc d' accord
dak d' accord
dc donc
dcp du coup
dem demande
dps depuis
dpuis depuis
dr1 derien
ds dans
dsl desole
dsp disponible
ect etc
ek est que
entr entretien
esce est ce
esk est ce que
eske est ce que
esque est ce que
etr etre
ets entreprise
fai fait
fau faut
fo faut
fodrai faudrait
fr faire
frr faire
ft faut
g j' ai
ge j' ai
gpa j' ai pas
gro gros
gt j' etais
hs hors
ht haut
ia il y a
j je
jai j' ai
jaimerai j' aimerais
jamai jamais
jariv j' arrive
jarrive j' arrive
jcherche je cherche
jcroi je crois
jcrois je crois
jdoi je dois
jdois je dois
je j' ai
jetai j' etais
jfai je fais
jfais je fais
jfe je fais
jfous je fous
jkif j' aime
jla je la
jle je le
jme je me
jms jamais
jpasse je passe
jpe je peux
jpens je pense
jpense je pense
jpeu je peux
jpeux je peux
jpp j' en peux plus
jpx je peux
jrecoi je recois
jrecois je recois
js je suis
jse je sais
jsp je sais pas
jspr j' espere
jss je suis
jsui je suis
jsuis je suis
jte je te
jtm je t' aime
jtrouv je trouve
jtrouve je trouve
jv je vais
jvai je vais
jvais je vais
jve je veux
jveu je veux
jveut je veux
jveux je veux
jvoi je vois
jvois je vois
jvx je veux
k que
kan quand
kand quand
ke que
kel quel
kelk quelque
kelkun quelqu' un
kelle quelle
kesk qu' est ce que
keske qu' est ce que
ki qui
kk1 quelqu' un
koi quoi
kom comme
koman comment
komen comment
kwa quoi
lgtmp longtemps
lgtps longtemps
lontan longtemps
ls les
ma m' a
maj mise a jour
mci merci
mdr rire
me mais
mek mec
mercii merci
mess message
mm meme
mme madame
mnan maintenant
mnt maintenant
moa moi
mr monsieur
mrc merci
msg message
mtn maintenant
mtnt maintenant
mwa moi
mwen moi
nan non
nb nombre
nimp n' importe
nn non
nrv enerve
ns nous
num numero
nvo nouveau
nx nouveau
oci aussi
oe oui
ojd aujourd' hui
ojourdui aujourd' hui
oqp occupe
osi aussi
ossi aussi
ouai oui
ouais oui
p pas
pa pas
parske parce que
pask parce que
paske parce que
pb probleme
pbl probleme
pblm probleme
pbm probleme
pck parce que
pcq parce que
pdnt pendant
pdt pendant
pe peut etre
perso personnellement
pfff pff
pk pourquoi
pkoi pourquoi
pkw pourquoi
plrs plusieurs
pls plusieurs
plv pas le vouloir
pm plus moins
pp photo profil
pq pourquoi
pr pour
prq presque
psk parce que
pt1 putain
ptdr rire
ptet peut etre
ptetre peut etre
ptin putain
ptn putain
pv prive
px peux
q que
qd quand
qlq quelque
qlqch quelque chose
qlqn quelqu' un
qlqun quelqu' un
qq quelque
qqch quelque chose
qqn quelqu' un
qqs quelques
qqun quelqu' un
qu que
quesk qu' est ce que
rdv rendez vous
rdvs rendez vous
rep reponse
repd repond
ri1 rien
rpz represente
rsx reseaux
sa ca
salu salut
silvouplai s' il vous plait
sk ce que
ske ce que
slm salut
slmt seulement
slt salut
snn sinon
srx serieux
st sont
stp s' il te plait
stun c' est un
sui suis
svp s' il vous plait
svpl s' il vous plait
tafe travail
taff taf
tel telephone
tfk tu fais quoi
tg ta gueule
tjr toujours
tjrs toujours
tjs toujours
tkt t' inquiete
tmtc toi meme tu sais
tou tout
toujour toujours
tp temps
tps temps
tro trop
ts tous
tt tout
tte toute
ttes toutes
twa toi
v vais
ve vais
vla voila
vnr enerve
voc vocal
vou vous
vrm vraiment
vrmen vraiment
vrmt vraiment
vrt vraiment
vs vous
vx veux
we week end
wesh salut
wsh salut
x fois
xp experience
ya il y a
zik musique
"""

ENGLISH = """
2day today
2moro tomorrow
2morrow tomorrow
4 for
abt about
acc account
aint is not
appt appointment
asap soon
atm now
b4 before
bc because
bcos because
bcoz because
bcuz because
bday birthday
bf boyfriend
btw by the way
cant can not
cld could
convo conversation
cos because
coulda could have
coz because
cud could
cuz because
da the
dat that
dem them
didnt did not
dnt do not
doesnt does not
dont do not
dunno do not know
every1 everyone
ffs angry
fr for real
ftr for the record
fyi for your information
gd good
gf girlfriend
gimme give me
gonna going to
gotta got to
gr8 great
grt great
hasnt has not
hav have
havent have not
hes he is
hmu contact me
hw how
ic i see
idc i do not care
idek i do not even know
idk i do not know
ikr i know
ily i love you
im i am
ima i am going to
imma i am going to
imo in my opinion
isnt is not
iv i have
ive i have
jk joking
jst just
kinda kind of
l8r later
lemme let me
lets let us
lil little
lmao laugh
lmk let me know
lol laugh
luv love
mb my bad
mgr manager
msg message
mth month
mths months
n and
nd and
ne1 anyone
ngl not going to lie
nm nothing
nope no
np no problem
nt not
nth nothing
nvm never mind
obv obviously
ofc of course
omg god
outta out of
pic photo
pics photos
pls please
plsss please
plz please
pm message
ppl people
prob probably
probs probably
r are
rly really
rn right now
shes she is
shld should
shoulda should have
shud should
sm1 someone
smh annoyed
smth something
some1 someone
soz sorry
sry sorry
sth something
sum1 someone
sumthing something
tbf to be fair
tbh to be honest
thanx thanks
thats that is
theres there is
theyre they are
thnx thanks
tho though
thru through
thx thanks
tmr tomorrow
tmrw tomorrow
tnx thanks
tomoz tomorrow
tryna trying to
ty thank you
tysm thank you so much
u you
ull you will
ur your
ure you are
urs yours
v very
w with
wanna want to
wasnt was not
wat what
wats what is
wd would
wen when
whats what is
whos who is
wk week
wks weeks
wont will not
wot what
woulda would have
wt what
wtf angry
wth angry
wud would
xp experience
y why
ya you
yall you all
yep yes
yh yes
yo hello
youre you are
yr year
yrs years
"""

SPELLINGS = {
    language: {
        spelling: meaning for spelling, _, meaning in (line.partition(" ") for line in table.split("\n") if line)
    }
    for language, table in (("fr", FRENCH), ("en", ENGLISH))
}
"""
By language: folded spelling -> the folded words it stands for, separated by spaces.
"""
