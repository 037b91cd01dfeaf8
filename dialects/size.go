package dialects

// Unknown stands for a number that a server does not know.
const Unknown int64 = -1

// Size is how large a table is, as a server reckons: it counts nothing for it, so each number may be
// off by some, and Unknown.
type Size struct {
	Rows       int64
	Bytes      int64 // of the rows
	IndexBytes int64 // of all indexes
}

// TableSize is the size of one table. A partitioned table's is that of its partitions together.
type TableSize struct {
	Table Name
	Size
}
