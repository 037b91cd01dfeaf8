package postgres

func (f *fixer) refresh(node *astRefreshMatViewStmt) {}
