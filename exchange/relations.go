package exchange

import (
	"path"
	"strings"
)

// maxRelations bounds what a part refers to.
const maxRelations = 20_000

// relationNames are the short names of the namespaces in which the parts of an Office file name each other.
var relationNames = map[string]string{"http://schemas.openxmlformats.org/package/2006/relationships": "rel"}

// relations are the parts and addresses that a part refers to.
type relations struct {
	byID   map[string]relation
	byKind map[string]string
}

type relation struct {
	target   string // the name of a part, or an address
	external bool
}

// relations reads what a part refers to; the part without a name is the whole document.
func (c *container) relations(part string) (relations, error) {
	of := relations{byID: map[string]relation{}, byKind: map[string]string{}}
	folder, name := path.Split(part)
	x, err := c.xml(folder+"_rels/"+name+".rels", relationNames)
	if err != nil {
		return of, err
	}
	x.root()
	for in := x.depth; x.more(in); {
		if x.name != "rel:Relationship" || len(of.byID) >= maxRelations {
			continue
		}
		r := relation{target: strings.ReplaceAll(x.attr("Target"), `\`, "/"), external: x.attr("TargetMode") == "External"}
		if len(r.target) > maxDestination {
			continue
		}
		if !r.external {
			if !strings.HasPrefix(r.target, "/") {
				r.target = path.Join(folder, r.target)
			}
			r.target = strings.TrimPrefix(path.Clean(r.target), "/")
			kind := path.Base(x.attr("Type"))
			if _, known := of.byKind[kind]; !known {
				of.byKind[kind] = r.target
			}
		}
		of.byID[x.attr("Id")] = r
	}
	return of, x.err
}

// one gives the part of a kind, or the name that it usually has.
func (r relations) one(kind, usual string) string {
	if name, ok := r.byKind[kind]; ok {
		return name
	}
	// Strict documents name this one kind otherwise.
	if name, ok := r.byKind["coreProperties"]; ok && kind == "core-properties" {
		return name
	}
	return usual
}
