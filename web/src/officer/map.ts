// The reckoning behind the small map: metres on a plane around its middle, what fits into it, and a scale bar of a round length.

export interface Place {
  latitude: number;
  longitude: number;
}

export interface Circle extends Place {
  metres: number;
}

/** A view of `width` by `height` units around a middle; one unit is `metres` metres. */
export interface View {
  middle: Place;
  metres: number;
  width: number;
  height: number;
}

const METRES_A_DEGREE_NORTH = 110_574;
const METRES_A_DEGREE_EAST = 111_320;

function stretch(latitude: number): number {
  return Math.cos((latitude * Math.PI) / 180) * METRES_A_DEGREE_EAST;
}

/** Metres between two places on the plane of the first; good to a part in a thousand within 100 km. */
export function distance(one: Place, other: Place): number {
  const east = (other.longitude - one.longitude) * stretch((one.latitude + other.latitude) / 2);
  return Math.hypot(east, (other.latitude - one.latitude) * METRES_A_DEGREE_NORTH);
}

/** Where a place lies in the view, from the upper left corner. */
export function project(view: View, place: Place): { x: number; y: number } {
  return {
    x: view.width / 2 + ((place.longitude - view.middle.longitude) * stretch(view.middle.latitude)) / view.metres,
    y: view.height / 2 - ((place.latitude - view.middle.latitude) * METRES_A_DEGREE_NORTH) / view.metres,
  };
}

/** The closest view that shows every circle whole, with a rim; never closer than `least` metres from edge to edge. */
export function fit(circles: Circle[], width: number, height: number, least = 600): View {
  const lowest = { latitude: Infinity, longitude: Infinity };
  const highest = { latitude: -Infinity, longitude: -Infinity };
  for (const { latitude, longitude, metres } of circles) {
    const north = metres / METRES_A_DEGREE_NORTH;
    const east = metres / stretch(latitude);
    lowest.latitude = Math.min(lowest.latitude, latitude - north);
    highest.latitude = Math.max(highest.latitude, latitude + north);
    lowest.longitude = Math.min(lowest.longitude, longitude - east);
    highest.longitude = Math.max(highest.longitude, longitude + east);
  }
  if (circles.length === 0) return { middle: { latitude: 0, longitude: 0 }, metres: least / width, width, height };
  const middle = { latitude: (lowest.latitude + highest.latitude) / 2, longitude: (lowest.longitude + highest.longitude) / 2 };
  const wide = (highest.longitude - lowest.longitude) * stretch(middle.latitude);
  const high = (highest.latitude - lowest.latitude) * METRES_A_DEGREE_NORTH;
  const metres = Math.max((wide * 1.25) / width, (high * 1.25) / height, least / width);
  return { middle, metres, width, height };
}

/** The longest round length (1, 2 or 5 with zeros) that takes at most a quarter of the view's width, in metres. */
export function scaleLength(view: View): number {
  const most = (view.width * view.metres) / 4;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([5, 2, 1].find((digit) => digit * power <= most) ?? 1) * power;
}

/** The places in view, the nearest to the middle first, without those that would be written over another. */
export function spread<Named extends Place>(view: View, places: Named[], most: number, room = { x: 96, y: 22 }): Named[] {
  const taken: { x: number; y: number }[] = [];
  const near = places
    .map((place) => ({ place, at: project(view, place) }))
    .filter(({ at }) => at.x > 8 && at.x < view.width - 60 && at.y > 12 && at.y < view.height - 12)
    .sort((one, other) => Math.hypot(one.at.x - view.width / 2, one.at.y - view.height / 2) - Math.hypot(other.at.x - view.width / 2, other.at.y - view.height / 2));
  return near
    .filter(({ at }) => {
      if (taken.length === most || taken.some((other) => Math.abs(other.x - at.x) < room.x && Math.abs(other.y - at.y) < room.y)) return false;
      taken.push(at);
      return true;
    })
    .map(({ place }) => place);
}
