// Package dialects holds what every database has in common for segue: statements with exact
// places, changes, the catalog, effects and versions, and the interfaces that a dialect fulfils.
//
// A dialect has a pure side, [Dialect] and its capabilities, which never sees a connection, and a
// live side, [Database], which carries SQL to a server. Planning and linting use the pure side
// alone; the runner uses both.
//
// To add a dialect:
//
//  1. Implement [Dialect] and [Database] in a room of its own below this one.
//  2. Implement the capabilities that the server can bear: [DualWriter], [Copier].
//  3. Call dialecttest.Run from its tests.
//  4. Name it in internal/cli, the only room that picks a dialect.
package dialects
