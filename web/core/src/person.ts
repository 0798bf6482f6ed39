/** A named person as views and records show one. */
export interface Person {
  user_id: string;
  name: string;
}
