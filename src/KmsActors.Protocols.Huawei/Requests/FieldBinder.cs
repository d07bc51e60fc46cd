using System.Globalization;
using System.Text.Json;
using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>What a number may be written as: the document has most of them in strings.</summary>
internal enum NumberForm
{
    /// <summary><c>"512"</c></summary>
    Text,

    /// <summary><c>"512"</c> or <c>512</c>, where a table and an example, or a client, differ.</summary>
    TextOrInteger,
}

/// <summary>
/// Turns the fields of a request's body into what operations take, within the document's bounds. The first
/// field that will not do is the answer; what a reader returns after that is of no use. Fields that nobody
/// asks for are passed over, for newer clients send more of them, and null is as good as not given.
/// </summary>
/// <remarks>A binder of an object within the body lives and answers with that of the body.</remarks>
internal sealed partial class FieldBinder : IDisposable
{
    // The last instant that DateTimeOffset can say.
    private const long LastUnixSecond = 253_402_300_799;

    private static readonly byte[] NoFields = "{}"u8.ToArray();

    private readonly FieldBinder _root;
    private readonly JsonDocument? _document;
    private readonly JsonElement _fields;
    private readonly List<SecretBytes> _secrets = [];
    private HuaweiError? _error;
    private string? _culprit;

    /// <summary>
    /// Reads the body of a POST; none, and that of another method, which clients send without meaning
    /// anything by it, is an object without fields. Looks at the sequence, which every request may have.
    /// </summary>
    public FieldBinder(HuaweiRequest request)
    {
        _root = this;
        var hasFields = request.Method == "POST" && request.Body.Length > 0;
        _document = JsonFields.Parse(hasFields ? request.Body.WrittenMemory : NoFields);
        if (_document is null) Fail(null, HuaweiErrors.JsonInvalid);
        _fields = _document?.RootElement ?? default;
        if (TryText("sequence", HuaweiErrors.SequenceInvalid, out var sequence))
            Require(IdText.IsSequence(sequence), "sequence", HuaweiErrors.SequenceInvalid);
    }

    private FieldBinder(FieldBinder parent, JsonElement fields)
    {
        _root = parent._root;
        _fields = fields;
    }

    /// <summary>What is wrong with the request, or null.</summary>
    public HuaweiError? Error => _root._error;

    /// <summary>The field that it is about, or null.</summary>
    public string? Culprit => _root._culprit;

    /// <summary>Whether the field is there, whatever it says.</summary>
    public bool IsGiven(string name) => TryField(name, out _);

    /// <summary>A required text.</summary>
    public string Text(string name, TextRule rule, HuaweiError error) =>
        OptionalText(name, rule, error) ?? Fail(name, HuaweiErrors.ParameterMissing);

    /// <summary>A text, or null when not given.</summary>
    public string? OptionalText(string name, TextRule rule, HuaweiError error)
    {
        if (!IsGiven(name)) return null;
        return TryText(name, error, out var text) && rule.Allows(text) ? text : Fail(name, error);
    }

    /// <summary>A required key id.</summary>
    public string KeyId(string name = "key_id")
    {
        if (!IsGiven(name)) return Fail(name, HuaweiErrors.ParameterMissing);
        return TryText(name, HuaweiErrors.KeyIdInvalid, out var keyId) ? KeyIdOf(keyId) : "";
    }

    /// <summary>A key id that came from elsewhere, as from the path.</summary>
    public string KeyIdOf(string text) =>
        IdText.IsKeyId(text) ? text : Fail("key_id", HuaweiErrors.KeyIdInvalid);

    /// <summary>One of the document's words, compared as they are written; what it is when not given.</summary>
    public T Choice<T>(
        string name, T otherwise, HuaweiError error, params ReadOnlySpan<(string Word, T Meaning)> choices)
    {
        if (!IsGiven(name) || !TryText(name, error, out var text)) return otherwise;
        foreach (var (word, meaning) in choices)
        {
            if (word == text) return meaning;
        }

        Fail(name, error);
        return otherwise;
    }

    /// <summary>As <see cref="Choice"/>, but required.</summary>
    public T RequiredChoice<T>(
        string name, HuaweiError error, params ReadOnlySpan<(string Word, T Meaning)> choices)
    {
        Require(IsGiven(name), name, HuaweiErrors.ParameterMissing);
        return Choice(name, choices[0].Meaning, error, choices);
    }

    /// <summary>A whole number in ASCII digits, or null when not given.</summary>
    public long? OptionalNumber(
        string name, long least, long most, HuaweiError error, NumberForm form = NumberForm.Text)
    {
        if (!TryField(name, out var field)) return null;
        var digits = field.ValueKind switch
        {
            JsonValueKind.String => field.GetString()!,
            JsonValueKind.Number when form == NumberForm.TextOrInteger => field.GetRawText(),
            _ => "",
        };

        // The parser itself passes over NULs at the end.
        if (digits.All(char.IsAsciiDigit)
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        Fail(name, error);
        return null;
    }

    /// <summary>A required whole number.</summary>
    public int Number(string name, int least, int most, HuaweiError error, NumberForm form = NumberForm.Text)
    {
        Require(IsGiven(name), name, HuaweiErrors.ParameterMissing);
        return (int)(OptionalNumber(name, least, most, error, form) ?? least);
    }

    /// <summary>
    /// An instant in seconds of Unix time, or null when not given. The tables make it a string, the
    /// vendor's clients a number.
    /// </summary>
    public DateTimeOffset? OptionalSeconds(string name, HuaweiError error) =>
        OptionalNumber(name, 0, LastUnixSecond, error, NumberForm.TextOrInteger) is { } seconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>An encryption context: an object of strings; without it the empty one.</summary>
    public EncryptionContext Context(string name = "encryption_context")
    {
        if (!TryField(name, out var field)) return EncryptionContext.Empty;
        EncryptionContext? context = null;
        if (field.ValueKind == JsonValueKind.Object
            && field.EnumerateObject().All(pair => pair.Value.ValueKind == JsonValueKind.String))
        {
            context = EncryptionContext.From(
                field.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, pair.Value.GetString()!)));
        }

        if (context is null) Fail(name, HuaweiErrors.EncryptionContextInvalid);
        return context ?? EncryptionContext.Empty;
    }

    /// <summary>Makes <paramref name="error"/> of a field the answer, unless another was before it.</summary>
    public string Fail(string? name, HuaweiError error)
    {
        if (_root._error is not null) return "";
        _root._error = error;
        _root._culprit = name;
        return "";
    }

    /// <summary>As <see cref="Fail"/>, if the condition does not hold.</summary>
    public void Require(bool condition, string name, HuaweiError error)
    {
        if (!condition) Fail(name, error);
    }

    /// <summary>Zeroes the secrets. That of the body alone has anything to dispose of.</summary>
    public void Dispose()
    {
        _secrets.ForEach(secret => secret.Dispose());
        _document?.Dispose();
    }

    private bool TryField(string name, out JsonElement field)
    {
        field = default;
        return _fields.ValueKind == JsonValueKind.Object
            && _fields.TryGetProperty(name, out field)
            && field.ValueKind != JsonValueKind.Null;
    }

    // False for one that is not given too, but without an error then.
    private bool TryText(string name, HuaweiError error, out string text)
    {
        text = "";
        if (!TryField(name, out var field)) return false;
        if (field.ValueKind != JsonValueKind.String)
        {
            Fail(name, error);
            return false;
        }

        text = field.GetString()!;
        return true;
    }
}
