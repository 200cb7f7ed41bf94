package local_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"

	"feltbog/config"
	"feltbog/local/enginetest"
)

// asked are the variables that an operator must set, with values by which they are known again.
var asked = map[string]string{
	"FELTBOG_PUBLIC_URL": "https://feltbog.example.org",
	"MONGODB_KEY":        "value-of-mongodb-key",
	"MONGODB_PASSWORD":   "value-of-mongodb-password",
	"MEILISEARCH_KEY":    "value-of-meilisearch-key",
}

// pinned matches an image with a whole version.
var pinned = regexp.MustCompile(`^[a-z/]+:v?\d+\.\d+\.\d+|^debian:\d+\.\d+-`)

// loadCompose loads and validates docker-compose.yml as docker compose does, seeing only env.
func loadCompose(t *testing.T, env map[string]string, options ...cli.ProjectOptionsFn) (*types.Project, error) {
	t.Helper()
	var environ []string
	for name, value := range env {
		environ = append(environ, name+"="+value)
	}
	options = append(options, cli.WithEnv(environ))
	o, err := cli.NewProjectOptions([]string{filepath.Join(root(t), "docker-compose.yml")}, options...)
	if err != nil {
		t.Fatal(err)
	}
	return o.LoadProject(context.Background())
}

func root(t *testing.T) string {
	t.Helper()
	folder, err := enginetest.Root()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestCompose(t *testing.T) {
	t.Parallel()
	project, err := loadCompose(t, asked)
	if err != nil {
		t.Fatal(err)
	}
	feltbog, mongodb, meilisearch := project.Services["feltbog"], project.Services["mongodb"], project.Services["meilisearch"]

	t.Run("it names each variable that the operator has not set", func(t *testing.T) {
		t.Parallel()
		for name := range asked {
			env := map[string]string{}
			for other, value := range asked {
				if other != name {
					env[other] = value
				}
			}
			for _, missing := range []string{"unset", "empty"} {
				if missing == "empty" {
					env[name] = ""
				}
				if _, err := loadCompose(t, env); err == nil || !strings.Contains(err.Error(), name+" is missing a value: is missing in .env") {
					t.Errorf("%s %s: %v, want an error that says so.", name, missing, err)
				}
			}
		}
	})

	t.Run("no secret has a value in the file", func(t *testing.T) {
		t.Parallel()
		raw, err := loadCompose(t, nil, cli.WithInterpolation(false))
		if err != nil {
			t.Fatal(err)
		}
		secret := regexp.MustCompile(`KEY|PASSWORD|SECRET|TOKEN|_URI`)
		// Asked for, or where mail is not set up, empty.
		given := regexp.MustCompile(`\$\{[A-Z_]+:(\?[^}]+|-)\}`)
		found := 0
		for _, service := range raw.Services {
			for name, value := range service.Environment {
				if !secret.MatchString(name) {
					continue
				}
				found++
				if value == nil || !given.MatchString(*value) {
					t.Errorf("%s of %s is not asked of the operator.", name, service.Name)
				}
			}
		}
		if found < len(asked) {
			t.Errorf("Looked at %d secrets only.", found)
		}
	})

	t.Run("each service is watched, restarted and of a pinned version", func(t *testing.T) {
		t.Parallel()
		if len(project.Services) != 3 {
			t.Errorf("There are %d services, want 3.", len(project.Services))
		}
		for _, service := range project.Services {
			if service.Restart != types.RestartPolicyUnlessStopped {
				t.Errorf("%s is restarted %q, want unless-stopped.", service.Name, service.Restart)
			}
			check := service.HealthCheck
			if check == nil || check.Disable || len(check.Test) < 2 || check.Interval == nil || check.Retries == nil {
				t.Errorf("%s has the health check %+v.", service.Name, check)
			}
			if service.Build == nil && !pinned.MatchString(service.Image) {
				t.Errorf("%s runs the image %q, which is no version.", service.Name, service.Image)
			}
		}
		if !strings.HasPrefix(mongodb.Image, "mongo:8.") || meilisearch.Image != "getmeili/meilisearch:v1.21.0" {
			t.Errorf("The engines are %s and %s.", mongodb.Image, meilisearch.Image)
		}
	})

	t.Run("Feltbog waits until both engines are healthy", func(t *testing.T) {
		t.Parallel()
		for _, name := range []string{"mongodb", "meilisearch"} {
			if on := feltbog.DependsOn[name]; on.Condition != types.ServiceConditionHealthy {
				t.Errorf("It depends on %s with %+v.", name, on)
			}
		}
	})

	t.Run("only Feltbog's port is published, to this machine", func(t *testing.T) {
		t.Parallel()
		var published []string
		for _, service := range project.Services {
			for _, port := range service.Ports {
				published = append(published, fmt.Sprintf("%s %s:%s:%d", service.Name, port.HostIP, port.Published, port.Target))
			}
			if service.NetworkMode != "" {
				t.Errorf("%s is on the network of %q.", service.Name, service.NetworkMode)
			}
		}
		if want := []string{"feltbog 127.0.0.1:8080:8080"}; !slices.Equal(published, want) {
			t.Errorf("Published are %v, want %v.", published, want)
		}
		for _, engine := range []types.ServiceConfig{mongodb, meilisearch} {
			for network := range engine.Networks {
				if !project.Networks[network].Internal {
					t.Errorf("%s is on the network %s, which is open.", engine.Name, network)
				}
			}
		}
	})

	t.Run("MongoDB is a replica set with a key file, and its health check makes the set and the user", func(t *testing.T) {
		t.Parallel()
		command := strings.Join(mongodb.Command, "\n")
		for _, want := range []string{"--replSet feltbog", "--keyFile /etc/mongod.key", "--auth", "--mode 0400", `"$MONGODB_KEY" > /etc/mongod.key`} {
			if !strings.Contains(command, want) {
				t.Errorf("mongod's command lacks %q:\n%s", want, command)
			}
		}
		check := strings.Join(mongodb.HealthCheck.Test, "\n")
		for _, want := range []string{"rs.initiate({ _id: 'feltbog', members: [{ _id: 0, host: 'mongodb:27017' }] })", "createUser", "isWritablePrimary", "process.env.MONGODB_PASSWORD"} {
			if !strings.Contains(check, want) {
				t.Errorf("The health check lacks %q:\n%s", want, check)
			}
		}
	})

	t.Run("data outlives the containers", func(t *testing.T) {
		t.Parallel()
		for target, service := range map[string]types.ServiceConfig{"/data/db": mongodb, "/meili_data": meilisearch} {
			kept := slices.ContainsFunc(service.Volumes, func(v types.ServiceVolumeConfig) bool {
				_, declared := project.Volumes[v.Source]
				return v.Target == target && v.Type == types.VolumeTypeVolume && declared
			})
			if !kept {
				t.Errorf("%s of %s is not on a volume: %+v.", target, service.Name, service.Volumes)
			}
		}
	})

	t.Run("Feltbog takes its environment, and finds the engines by it", func(t *testing.T) {
		t.Parallel()
		var environ []string
		for name, value := range feltbog.Environment {
			if !slices.Contains(config.Variables(), strings.TrimSuffix(name, "_FILE")) {
				t.Errorf("%s is no variable of Feltbog's.", name)
			}
			environ = append(environ, name+"="+*value)
		}
		c, err := config.Load(environ, config.Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		want := "mongodb://feltbog:" + asked["MONGODB_PASSWORD"] + "@mongodb:27017/?authSource=admin&replicaSet=feltbog&w=majority"
		if c.MongoURI != want || c.MeiliURL != "http://meilisearch:7700" || c.Addr != "0.0.0.0:8080" {
			t.Errorf("It is to use %s and %s, and to listen on %s.", c.MongoURI, c.MeiliURL, c.Addr)
		}
		if key := *meilisearch.Environment["MEILI_MASTER_KEY"]; c.MeiliKey != key {
			t.Errorf("It is given the key %s, and Meilisearch %s.", c.MeiliKey, key)
		}
	})

	t.Run("a mongod that stops has time to", func(t *testing.T) {
		t.Parallel()
		if grace := mongodb.StopGracePeriod; grace == nil || time.Duration(*grace) < 30*time.Second {
			t.Errorf("It has %v.", grace)
		}
	})
}

func TestDockerfile(t *testing.T) {
	t.Parallel()
	text := read(t, "Dockerfile")
	ignored := strings.Split(read(t, ".dockerignore"), "\n")

	t.Run("it starts from pinned images and ends as an ordinary user", func(t *testing.T) {
		t.Parallel()
		stages := regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(text, -1)
		for _, stage := range stages {
			if !pinned.MatchString(stage[1]) {
				t.Errorf("FROM %s is no version.", stage[1])
			}
		}
		if len(stages) != 3 {
			t.Errorf("There are %d stages, want 3.", len(stages))
		}
		last := text[strings.LastIndex(text, "\nFROM "):]
		if !regexp.MustCompile(`(?m)^USER [1-9]\d*$`).MatchString(last) {
			t.Error("The last stage names no user by number.")
		}
		if !strings.Contains(last, "HEALTHCHECK") {
			t.Error("The last stage has no health check.")
		}
	})

	t.Run("whatever it copies is there", func(t *testing.T) {
		t.Parallel()
		copies := regexp.MustCompile(`(?m)^COPY (.+)$`).FindAllStringSubmatch(text, -1)
		if len(copies) == 0 {
			t.Error("It copies nothing.")
		}
		for _, line := range copies {
			words := strings.Fields(line[1])
			if strings.HasPrefix(words[0], "--from=") {
				continue
			}
			for _, path := range words[:len(words)-1] {
				if _, err := os.Stat(filepath.Join(root(t), path)); err != nil {
					t.Errorf("COPY %s: %v.", path, err)
				}
				if slices.Contains(ignored, path) {
					t.Errorf("COPY %s: it is in .dockerignore.", path)
				}
			}
		}
		built := regexp.MustCompile(`go build .* \./(\S+)`).FindStringSubmatch(text)
		if built == nil {
			t.Fatal("It builds nothing.")
		}
		if _, err := os.Stat(filepath.Join(root(t), built[1])); err != nil {
			t.Errorf("It builds %s: %v.", built[1], err)
		}
	})

	t.Run("secrets, data and history stay out of the image", func(t *testing.T) {
		t.Parallel()
		for _, path := range []string{".env", ".git", ".cache", "data", "bin", "**/node_modules"} {
			if !slices.Contains(ignored, path) {
				t.Errorf("%s is not in .dockerignore.", path)
			}
		}
	})
}

// read returns the text of a file of the project.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
