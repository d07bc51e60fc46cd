using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>Results, on standard output: tables for people, or one JSON document for programs.</summary>
internal sealed class Output(Shell shell, bool isJson)
{
    // Nothing of this is ever part of a page, so only what JSON itself must have escaped is escaped.
    private static readonly JsonWriterOptions Indented =
        new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether the answer goes out as it came.</summary>
    public bool IsJson => isJson;

    /// <summary>A table of these members of each item, or an array of the items.</summary>
    public void List(IReadOnlyCollection<JsonElement> items, params string[] members)
    {
        if (isJson)
        {
            WriteJson(items);
            return;
        }

        var rows = items.Select(item => members.Select(name => item.Shown(name)).ToArray());
        Write(Table.Render(shell, members, rows));
    }

    /// <summary>One thing's members, one a line; or the whole answer that it is in.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="item">What to show of it; all of it when not given.</param>
    /// <param name="without">Members of the answer that went somewhere else.</param>
    public void Item(JsonElement answer, JsonElement? item = null, params string[] without)
    {
        if (isJson && without.Length == 0) WriteJson(answer);
        else if (isJson) WriteJson(answer.EnumerateObject().Where(member => !without.Contains(member.Name)));
        else Write(Table.Render(shell, null, Members(item ?? answer, without)));
    }

    /// <summary>A change that answers with nothing to look at.</summary>
    public void Done(JsonElement answer, string message)
    {
        if (isJson) WriteJson(answer);
        else Say(message);
    }

    /// <summary>A table that is put together here; the answer as JSON.</summary>
    public void Rows(JsonElement answer, string[] titles, IEnumerable<string[]> rows)
    {
        if (isJson) WriteJson(answer);
        else Write(Table.Render(shell, titles, rows));
    }

    /// <summary>
    /// Bytes as they are, or in Base64 when asked. A terminal gets no bytes that are not text: they could be
    /// commands to it.
    /// </summary>
    public void Bytes(ReadOnlySpan<byte> bytes, bool asBase64)
    {
        var isHarmless = !shell.IsOutputTerminal || Printable.IsText(bytes);
        if (!asBase64 && isHarmless)
        {
            shell.Output.Write(bytes);
            if (shell.IsOutputTerminal) shell.Output.Write("\n"u8);
            shell.Output.Flush();
            return;
        }

        if (!asBase64) Say("No text; in Base64:");
        Write(Convert.ToBase64String(bytes) + "\n");
    }

    /// <summary>Text that is the result as it stands.</summary>
    public void Write(string text)
    {
        shell.Output.Write(Encoding.UTF8.GetBytes(text));
        shell.Output.Flush();
    }

    /// <summary>A message, which is no result.</summary>
    public void Say(string message) => shell.Error.WriteLine(Printable.Of(message));

    private static IEnumerable<string[]> Members(JsonElement item, string[] without) => item.EnumerateObject()
        .Where(member => member.Name != "RequestId" && !without.Contains(member.Name))
        .Select(member => new[] { member.Name, item.Shown(member.Name) })
        .Where(row => row[1].Length > 0);

    private void WriteJson(IEnumerable<JsonProperty> members) => WriteJson(json =>
    {
        json.WriteStartObject();
        foreach (var member in members) member.WriteTo(json);
        json.WriteEndObject();
    });

    private void WriteJson(JsonElement element) => WriteJson(element.WriteTo);

    private void WriteJson(IEnumerable<JsonElement> items) => WriteJson(json =>
    {
        json.WriteStartArray();
        foreach (var item in items) item.WriteTo(json);
        json.WriteEndArray();
    });

    private void WriteJson(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Indented)) write(json);
        buffer.Write("\n"u8);
        if (shell.IsOutputTerminal) Write(Printable.OfJson(Encoding.UTF8.GetString(buffer.WrittenSpan)));
        else shell.Output.Write(buffer.WrittenSpan);
        shell.Output.Flush();
        // It may hold a plaintext.
        buffer.Clear();
    }
}
