using k8s;

namespace KmsActors.Deploy.Tests;

public sealed class KubernetesTests
{
    private static readonly Yaml s_deployment = Yaml.Load(Files.Deploy("kubernetes/deployment.yaml")).Single();
    private static readonly Yaml s_pod = s_deployment["spec"]["template"]["spec"];
    private static readonly Yaml s_node = s_pod["containers"].Items.Single();

    private static IEnumerable<string> Names => Directory.EnumerateFiles(Files.Deploy("kubernetes"), "*.yaml")
        .Select(path => Path.GetFileName(path))
        .Where(name => name != "kustomization.yaml");

    public static TheoryData<string> Manifests() => new(Names);

    // By the types of Kubernetes' own client: a field that there is not, or of another type, is an error.
    [Theory]
    [MemberData(nameof(Manifests))]
    public void Manifest_IsOfItsKind(string name)
    {
        var text = File.ReadAllText(Files.Deploy($"kubernetes/{name}"));
        foreach (var loaded in KubernetesYaml.LoadAllFromString(text, strict: true))
            Assert.StartsWith("k8s.Models.V1", loaded.GetType().FullName, StringComparison.Ordinal);
        foreach (var document in Yaml.Load(Files.Deploy($"kubernetes/{name}")))
        {
            var isNamespace = document["kind"].Text == "Namespace";
            Assert.Equal("kmsactors", isNamespace ? document["metadata"]["name"].Text : document["metadata"]["namespace"].Text);
        }
    }

    [Fact]
    public void Manifest_WithAFieldThatThereIsNot_IsFound() => Assert.ThrowsAny<Exception>(() =>
        KubernetesYaml.LoadAllFromString("apiVersion: v1\nkind: Service\nspec: {prots: []}\n", strict: true));

    [Fact]
    public void Kustomization_HasAllButTheSecrets()
    {
        var listed = Yaml.Load(Files.Deploy("kubernetes/kustomization.yaml")).Single()["resources"].Items.Select(item => item.Text);
        Assert.Equal(
            Names.Where(name => name != "secrets.template.yaml").Order(),
            listed.Order());
    }

    [Fact]
    public void SecretsTemplate_HasNoneInIt_AndAllThatThePodWants()
    {
        var secrets = Yaml.Load(Files.Deploy("kubernetes/secrets.template.yaml"));
        Assert.All(secrets.SelectMany(secret => secret["stringData"].Members), member => Assert.Empty(member.Value.Text));
        var wanted = s_pod["volumes"].Items.Where(volume => volume.Has("secret"))
            .Select(volume => volume["secret"]["secretName"].Text)
            .Concat(s_node["envFrom"].Items.Select(from => from["secretRef"]["name"].Text));
        Assert.Equal(wanted.Order(), secrets.Select(secret => secret["metadata"]["name"].Text).Order());
    }

    [Fact]
    public void Environment_IsWhatTheServerReads()
    {
        var given = s_node["env"].Items.Select(item => KeyValuePair.Create(item["name"].Text, item["value"].Text));
        var secret = Yaml.Load(Files.Deploy("kubernetes/secrets.template.yaml"))
            .Single(secret => secret["metadata"]["name"].Text == "kms-env")["stringData"].Members
            .Select(member => KeyValuePair.Create(member.Key, "Host=postgres"));
        var options = ServerSettings.Read(given.Concat(secret));
        Assert.InRange(
            options.NoticeSeconds + options.DrainSeconds + 5, 10,
            int.Parse(s_pod["terminationGracePeriodSeconds"].Text, null));
        Assert.InRange(options.NoticeSeconds, 5, 60);
    }

    [Theory]
    [InlineData("startupProbe", "/health/live")]
    [InlineData("livenessProbe", "/health/live")]
    [InlineData("readinessProbe", "/health/ready")]
    public void Probe_IsOneOfTheServers(string probe, string path)
    {
        var asked = s_node[probe]["httpGet"];
        Assert.Equal(path, asked["path"].Text);
        Assert.Contains($"\"{path}\"", Files.Text("src/KmsActors.Server/KmsServer.cs"), StringComparison.Ordinal);
        Assert.Equal(("https", "HTTPS"), (asked["port"].Text, asked["scheme"].Text));
    }

    [Fact]
    public void Ports_AreWhereTheServerListens()
    {
        var listens = s_node["env"].Items.ToDictionary(item => item["name"].Text, item => item["value"].Text);
        var ports = s_node["ports"].Items.ToDictionary(port => port["name"].Text, port => port["containerPort"].Text);
        Assert.Equal($"https://*:{ports["https"]}", listens["ASPNETCORE_URLS"]);
        Assert.Equal($"https://*:{ports["admin"]}", listens["Kms__Admin__Urls"]);
        foreach (var service in Yaml.Load(Files.Deploy("kubernetes/services.yaml")))
            Assert.Contains(service["spec"]["ports"].Items.Single()["targetPort"].Text, ports.Keys);
    }

    [Fact]
    public void Selectors_AreOfThePod()
    {
        var label = s_deployment["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/name"].Text;
        Assert.Equal(label, s_deployment["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"].Text);
        foreach (var service in Yaml.Load(Files.Deploy("kubernetes/services.yaml")))
            Assert.Equal(label, service["spec"]["selector"]["app.kubernetes.io/name"].Text);
        var budget = Yaml.Load(Files.Deploy("kubernetes/disruption-budget.yaml")).Single();
        Assert.Equal(label, budget["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"].Text);
        var policy = Yaml.Load(Files.Deploy("kubernetes/network-policy.yaml")).Single();
        Assert.Equal(label, policy["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/name"].Text);
    }

    [Fact]
    public void NetworkPolicy_LetsNobodyToTheOperatorsListenerButWhoIsLabelled()
    {
        var rules = Yaml.Load(Files.Deploy("kubernetes/network-policy.yaml")).Single()["spec"]["ingress"].Items;
        var toAdmin = rules.Single(rule => rule["ports"].Items.Any(port => port["port"].Text == "admin"));
        Assert.True(toAdmin.Has("from"));
        Assert.All(rules, rule => Assert.True(rule.Has("ports")));
    }

    [Fact]
    public void Containers_MayNothing()
    {
        Assert.Equal("true", s_pod["securityContext"]["runAsNonRoot"].Text);
        foreach (var container in s_pod["containers"].Items.Concat(s_pod["initContainers"].Items))
        {
            var may = container["securityContext"];
            Assert.Equal("false", may["allowPrivilegeEscalation"].Text);
            Assert.Equal("true", may["readOnlyRootFilesystem"].Text);
            Assert.Equal("ALL", may["capabilities"]["drop"].Items.Single().Text);
        }
    }
}
