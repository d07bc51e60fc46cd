using System.Buffers;
using System.Text;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>JSON inside of parameters.</summary>
internal static class JsonText
{
    /// <summary>What is written, as text.</summary>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>An encryption context as the protocol has it; null for none.</summary>
    /// <exception cref="CliException">A pair is none, or its name came before.</exception>
    public static string? OfContext(IReadOnlyCollection<string> pairs)
    {
        var context = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs.Select(pair => pair.ToPair()))
        {
            if (!context.TryAdd(name, value)) throw new CliException($"The context has '{name}' twice.");
        }

        return context.Count == 0
            ? null
            : Of(json =>
            {
                json.WriteStartObject();
                foreach (var (name, value) in context) json.WriteString(name, value);
                json.WriteEndObject();
            });
    }
}
