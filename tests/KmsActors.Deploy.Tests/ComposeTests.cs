using System.Text.RegularExpressions;

namespace KmsActors.Deploy.Tests;

public sealed partial class ComposeTests
{
    private static readonly Yaml s_file = Yaml.Load(Files.Deploy("compose.yaml")).Single();

    private static IEnumerable<KeyValuePair<string, Yaml>> Nodes =>
        s_file["services"].Members.Where(service => service.Key.StartsWith("node", StringComparison.Ordinal));

    [ToolFact("docker-compose")]
    public void DockerCompose_TakesTheFile()
    {
        using var scratch = new Scratch();
        scratch.WithSecrets();
        File.Copy(Files.Deploy("compose.yaml"), scratch.In("compose.yaml"));
        var (exit, said) = Tools.Run("docker-compose", "-f", scratch.In("compose.yaml"), "config", "--quiet");
        Assert.True(exit == 0, said);
    }

    [Fact]
    public void Environment_IsWhatTheServerReads()
    {
        using var scratch = new Scratch();
        var secrets = ServerSettings.Lines(File.ReadAllLines(Path.Combine(scratch.WithSecrets(), "kms.env"))).ToList();
        Assert.Equal(3, Nodes.Count());
        foreach (var (_, node) in Nodes)
        {
            var given = node["environment"].Members.Select(member => KeyValuePair.Create(member.Key, member.Value.Text));
            var options = ServerSettings.Read(given.Concat(secrets));
            var grace = int.Parse(node["stop_grace_period"].Text.TrimEnd('s'), null);
            Assert.InRange(options.NoticeSeconds + options.DrainSeconds + 5, 10, grace);
        }
    }

    [Fact]
    public void Secrets_AreDeclared_AndMadeByTheScript()
    {
        using var scratch = new Scratch();
        var folder = scratch.WithSecrets();
        var declared = s_file["secrets"].Members.ToDictionary(secret => secret.Key, secret => secret.Value["file"].Text);
        Assert.All(declared.Values, file => Assert.True(File.Exists(Path.Combine(folder, Path.GetFileName(file))), file));
        foreach (var (_, service) in s_file["services"].Members)
            Assert.All(service["secrets"].Items, secret => Assert.Contains(secret.Text, declared.Keys));
        var files = s_file["services"].Members
            .Where(service => service.Value.Has("environment"))
            .SelectMany(service => service.Value["environment"].Members)
            .Where(member => member.Value.Text.StartsWith("/run/secrets/", StringComparison.Ordinal));
        Assert.All(files, member => Assert.Contains(Path.GetFileName(member.Value.Text), declared.Keys));
    }

    [Fact]
    public void Nodes_AreWhereNginxLooks()
    {
        var addresses = Nodes.Select(node => node.Value["networks"]["front"]["ipv4_address"].Text).ToArray();
        var looks = Address().Matches(File.ReadAllText(Files.Deploy("nginx/nodes.conf")))
            .GroupBy(found => found.Groups["port"].Value, found => found.Groups["host"].Value);
        Assert.Equal(["8443", "9443"], looks.Select(each => each.Key).Order());
        Assert.All(looks, each => Assert.Equal(addresses, each));
    }

    [Fact]
    public void Nodes_MayNothing() => Assert.All(Nodes, node =>
    {
        Assert.Equal("true", node.Value["read_only"].Text);
        Assert.Equal("ALL", node.Value["cap_drop"].Items.Single().Text);
        Assert.Equal("0", node.Value["ulimits"]["core"].Text);
        Assert.False(node.Value.Has("ports"));
    });

    [Fact]
    public void OperatorsListener_IsOfThisMachineOnly()
    {
        var ports = s_file["services"]["nginx"]["ports"].Items.Select(port => port.Text);
        Assert.All(ports.Where(port => port.EndsWith(":9443", StringComparison.Ordinal)),
            port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [GeneratedRegex("server (?<host>[0-9.]+):(?<port>[0-9]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Address();
}
