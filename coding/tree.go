package coding

import "feltbog/models"

// Tree is a forest by parents: of codes in a codebook, or of sites.
type Tree struct {
	parent   map[models.ID]models.ID
	children map[models.ID][]models.ID
}

// NewTree makes the forest in which parent gives each node's parent, or the empty id for a root.
func NewTree(parent map[models.ID]models.ID) Tree {
	t := Tree{parent: parent, children: map[models.ID][]models.ID{}}
	for id, p := range parent {
		t.children[p] = append(t.children[p], id)
	}
	return t
}

// Cyclic says whether hanging node under parent would make it its own ancestor.
func (t Tree) Cyclic(node, parent models.ID) bool {
	for range len(t.parent) + 1 {
		if parent == node {
			return true
		}
		if parent == "" {
			return false
		}
		parent = t.parent[parent]
	}
	return true
}

// Depth counts the ancestors of a node.
func (t Tree) Depth(node models.ID) int {
	depth := 0
	for p := t.parent[node]; p != "" && depth <= len(t.parent); p = t.parent[p] {
		depth++
	}
	return depth
}

// Within gives the nodes and all that hang beneath them, each once, in no particular order.
func (t Tree) Within(nodes ...models.ID) []models.ID {
	seen := map[models.ID]bool{}
	var out []models.ID
	for stack := append([]models.ID(nil), nodes...); len(stack) > 0; {
		id := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[id] {
			continue
		}
		seen[id] = true
		out = append(out, id)
		stack = append(stack, t.children[id]...)
	}
	return out
}
