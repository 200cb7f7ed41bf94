package api_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// composed are the codes that the sources put together from a noun, so that no literal shows them.
var composed = []string{
	"account_not_found", "code_not_found", "coding_not_found", "link_not_found", "member_not_found",
	"memo_not_found", "note_not_found", "participant_not_found", "project_not_found", "site_not_found",
	"record_not_found", "session_not_found", "event_not_found", "template_not_found", "saved_search_not_found",
	"token_not_found", "round_not_found", "draft_not_found", "comment_not_found", "demo_not_found", "invitation_not_found", "upload_not_found",
	"site_unknown",
	"course_not_found", "course_member_not_found", "group_not_found", "exercise_not_found", "prompt_not_found",
	"submission_not_found", "answer_not_found", "evidence_not_found", "hand_in_not_found", "feedback_not_found", "remark_not_found",
}

// inward are codes that the server tells itself alone.
var inward = []string{"lease_lost", "lease_taken"}

// TestProblemCodes compares the codes of problems that the Go sources write with those of the
// document, and those with the table that explains them.
func TestProblemCodes(t *testing.T) {
	written := codesOfSources(t, "../models", "../coding", "../teaching", "../auth", "../exchange", "../sandbox", "../cmd/feltbog", "../mongodb", "../meili", "../live", "../mail", ".")
	for _, code := range composed {
		written[code] = "composed of a noun"
	}
	for _, code := range inward {
		delete(written, code)
	}
	schema := theContract(t).doc.Components.Schemas["ProblemCode"].Value
	explained := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`\\w+`(?:, `\\w+`)*) \\|").FindAllStringSubmatch(schema.Description, -1) {
		for code := range strings.SplitSeq(row[1], ", ") {
			explained[strings.Trim(code, "`")] = true
		}
	}
	listed := map[string]bool{}
	for _, value := range schema.Enum {
		code, _ := value.(string)
		listed[code] = true
		if !explained[code] {
			t.Errorf("the code %s is in the document without a word on what it means", code)
		}
		if written[code] == "" {
			t.Errorf("the code %s is in the document, and no source writes it", code)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(written)) {
		if !listed[code] {
			t.Errorf("%s: the code %s is not in the document", written[code], code)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(explained)) {
		if !listed[code] {
			t.Errorf("the code %s is explained, and not in the list", code)
		}
	}
}

// codesOfSources finds the literals that stand for a parameter, a field or a variable named code,
// and says where each stands.
func codesOfSources(t *testing.T, directories ...string) map[string]string {
	t.Helper()
	positions := token.NewFileSet()
	var files []*ast.File
	for _, directory := range directories {
		paths, err := filepath.Glob(directory + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(positions, path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
	}
	places := map[string]int{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				notePlace(places, n.Name.Name, n.Type.Params)
			case *ast.TypeSpec:
				if s, ok := n.Type.(*ast.StructType); ok {
					notePlace(places, n.Name.Name, s.Fields)
				}
			}
			return true
		})
	}
	form := regexp.MustCompile(`^[a-z]+(_[a-z0-9]+)*$`)
	codes := map[string]string{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if isWarning(n) {
				return false
			}
			for _, e := range codesAt(n, places) {
				if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
					if code, err := strconv.Unquote(l.Value); err == nil && form.MatchString(code) {
						codes[code] = positions.Position(l.Pos()).String()
					}
				}
			}
			return true
		})
	}
	return codes
}

// isWarning says whether a node makes a warning of a reader, or what it asks or says of the rows of a
// table. Their codes are no problems.
func isWarning(n ast.Node) bool {
	told := func(e ast.Expr) bool {
		return slices.Contains([]string{"Warning", "TableQuestion", "TableProblem"}, nameOf(e))
	}
	switch n := n.(type) {
	case *ast.CallExpr:
		return slices.Contains([]string{"warn", "cellProblem"}, nameOf(n.Fun))
	case *ast.CompositeLit:
		if list, ok := n.Type.(*ast.ArrayType); ok {
			return told(list.Elt)
		}
		return told(n.Type)
	}
	return false
}

// notePlace remembers where among its parameters a function, or among its fields a struct, has one
// named code that is a string.
func notePlace(places map[string]int, name string, fields *ast.FieldList) {
	at := 0
	for _, field := range fields.List {
		for _, n := range field.Names {
			if kind, ok := field.Type.(*ast.Ident); ok && kind.Name == "string" && strings.EqualFold(n.Name, "code") {
				places[name] = at
			}
			at++
		}
	}
}

// codesAt gives the expressions of a node that stand where a code belongs.
func codesAt(n ast.Node, places map[string]int) []ast.Expr {
	var found []ast.Expr
	pick := func(of ast.Expr, from []ast.Expr) {
		if at, ok := places[nameOf(of)]; ok && at < len(from) {
			found = append(found, from[at])
		}
	}
	switch n := n.(type) {
	case *ast.CallExpr:
		pick(n.Fun, n.Args)
	case *ast.CompositeLit:
		if len(n.Elts) > 0 {
			if _, keyed := n.Elts[0].(*ast.KeyValueExpr); !keyed {
				pick(n.Type, n.Elts)
			}
		}
	case *ast.KeyValueExpr:
		if strings.EqualFold(nameOf(n.Key), "code") {
			found = append(found, n.Value)
		}
	case *ast.AssignStmt:
		for i, to := range n.Lhs {
			if strings.EqualFold(nameOf(to), "code") && len(n.Rhs) == len(n.Lhs) {
				found = append(found, n.Rhs[i])
			}
		}
	}
	return found
}

// nameOf is the last name of an identifier or a selector.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
