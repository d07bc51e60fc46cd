using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace KmsActors.Deploy.Tests;

/// <summary>A node of a YAML document.</summary>
internal sealed class Yaml(object? node)
{
    public string Text => Assert.IsType<string>(node);

    public IEnumerable<Yaml> Items => Assert.IsType<List<object>>(node).Select(item => new Yaml(item));

    public IEnumerable<KeyValuePair<string, Yaml>> Members => Assert.IsType<Dictionary<object, object>>(node)
        .Select(member => KeyValuePair.Create((string)member.Key, new Yaml(member.Value)));

    public Yaml this[string name] => Members.Single(member => member.Key == name).Value;

    public static IReadOnlyList<Yaml> Load(string path)
    {
        var parser = new MergingParser(new Parser(new StringReader(File.ReadAllText(path))));
        var deserializer = new DeserializerBuilder().Build();
        parser.Consume<StreamStart>();
        List<Yaml> documents = [];
        while (parser.Accept<DocumentStart>(out _)) documents.Add(new Yaml(deserializer.Deserialize(parser)));
        return documents;
    }

    public bool Has(string name) => Members.Any(member => member.Key == name);
}
