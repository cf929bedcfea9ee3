/** What names are put together from. Some have letters outside ASCII, as the names of real files have. */
const split = (text: string): string[] => text.trim().split(/\s+/)

export const words = split(`
  acorn alder amber anvil apron atlas autumn badge basin birch blanket blossom border bramble bridge bronze
  budget buffer cabin camera canal candle canvas carbon carpet castle cedar census chapel chart cherry clover coast
  cobalt copper coral corner cotton cradle creek crystal dahlia delta desert draft drawer elder ember engine estate
  fabric falcon feather fern filter finch forest fossil garden garnet gather glacier granite gravel grove harbor harvest
  hazel heather horizon hours husk index indigo invoice island ivory jasmine journal juniper kettle ladder
  lantern larch laurel ledger lemon letter lilac linen lumber magnet maple marble margin market meadow memo merit meter
  mirror mosaic nectar north notes oasis ocean olive onboarding orchard order outline oyster paddle paper parcel pebble
  pepper pine plan planet plaza poppy prairie prism project quarry quartz quota quote rainfall reed region report ribbon
  river roster rowan saddle saffron sample scarlet schedule season shelter silver slate spruce stable station status
  summary survey tablet tally temple thistle timber topic trail travel tulip tundra update valley vendor velvet violet
  walnut waterfall willow window winter wren yarrow zephyr angebot übersicht prüfbericht größe résumé année señal`)

export const firstNames = split(`
  ada alma amir anna arne astrid ben björn carla cem clara daan dana elif emil emma erik esra eva felix freya greta hana
  hugo ida ines ivan jana jonas jules kaito karin kemal lara lea leo liam lina luca maja marc maria mika mila nadia nils
  nina noah nora olga omar oscar paula petra piet rania rosa sami sara sven tara theo tom vera yuki zoe`)

export const lastNames = split(`
  acker adler andersen arslan bakker bauer becker berg blom brandt carvalho costa dahl demir dubois eriksen fischer
  fontaine garnier haas hansen holm huber ito jansen kaya keller klein koch kovac kruse lang larsen lehmann lind lopez
  maier martin meyer mori moser müller novak nowak olsen ortega peters popov rossi roth sato schmid silva sommer suzuki
  tanaka vogel weber wolf yilmaz zeller`)

export const topLevels = ['example', 'example', 'test.example', 'cdn.example', 'net.example', 'cloud.example']
