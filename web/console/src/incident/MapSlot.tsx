/** Where the map of the agency's own streets is shown. */
export function MapSlot() {
  return null;
}
