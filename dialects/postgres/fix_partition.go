package postgres

func (a *alterFixer) detach(i int, part *astPartitionCmd) {}
func (a *alterFixer) attach(i int, part *astPartitionCmd) {}
