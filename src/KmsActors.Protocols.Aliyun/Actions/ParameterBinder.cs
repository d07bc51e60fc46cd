using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using KmsActors.Hsa;
using KmsActors.Operations;
using KmsActors.Protocols.Http;

namespace KmsActors.Protocols.Aliyun;

/// <summary>
/// Turns a request's parameters into what operations take, within the documents' bounds. The first
/// parameter that will not do is the answer; what a reader returns after that is of no use.
/// </summary>
internal sealed class ParameterBinder(AliyunRequest request, string account) : IDisposable
{
    // The longest key reference is an ARN of an alias.
    private const int LongestKeyReference = 512;
    private const int LongestAlias = 255;
    private const string AliasPrefix = "alias/";

    private readonly List<SecretBytes> _secrets = [];

    /// <summary>What is wrong with the parameters, or null.</summary>
    public AliyunError? Error { get; private set; }

    /// <summary>A required text of 1 to <paramref name="longest"/> characters.</summary>
    public string Text(string name, int longest)
    {
        if (!request.TryGet(name, out var value) || value.Length == 0) return Fail(AliyunErrors.MissingParameter(name));
        return value.Length <= longest ? value : Invalid(name);
    }

    /// <summary>An optional text of 0 to <paramref name="longest"/> characters; null when not given.</summary>
    public string? OptionalText(string name, int longest)
    {
        if (!request.TryGet(name, out var value)) return null;
        return value.Length <= longest ? value : Invalid(name);
    }

    /// <summary>A required text that may be empty.</summary>
    public string RequiredText(string name, int longest) =>
        OptionalText(name, longest) ?? Fail(AliyunErrors.MissingParameter(name));

    /// <summary>One of the documents' words, compared as they are written.</summary>
    public T Choice<T>(string name, T otherwise, params ReadOnlySpan<(string Word, T Meaning)> choices)
    {
        if (!request.TryGet(name, out var value)) return otherwise;
        foreach (var (word, meaning) in choices)
        {
            if (word == value) return meaning;
        }

        Invalid(name);
        return otherwise;
    }

    /// <summary>As <see cref="Choice"/>, but required.</summary>
    public T RequiredChoice<T>(string name, params ReadOnlySpan<(string Word, T Meaning)> choices)
    {
        Text(name, int.MaxValue);
        return Choice(name, choices[0].Meaning, choices);
    }

    /// <summary>A whole number in ASCII digits, or null when not given.</summary>
    public long? OptionalInteger(string name, long least, long most)
    {
        if (!request.TryGet(name, out var value)) return null;
        // The parser itself passes over NULs at the end.
        if (value.All(char.IsAsciiDigit)
            && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        Invalid(name);
        return null;
    }

    /// <summary>A required whole number.</summary>
    public int Integer(string name, int least, int most)
    {
        Text(name, int.MaxValue);
        return (int)(OptionalInteger(name, least, most) ?? least);
    }

    /// <summary>Refuses a parameter of later documents that would change the meaning of the call.</summary>
    public void RefuseIfGiven(string name)
    {
        if (IsGiven(name)) Invalid(name);
    }

    /// <summary>Whether the parameter is there, whatever it says.</summary>
    public bool IsGiven(string name) => request.TryGetUtf8(name, out _);

    /// <summary>A required key id; an alias is refused as such (seed 001, 1.5: Unsupported.Alias).</summary>
    public string KeyId(string name)
    {
        var value = Text(name, LongestKeyReference);
        return IsAlias(value) ? Fail(AliyunErrors.UnsupportedAlias) : value;
    }

    /// <summary>As <see cref="KeyId"/>, or null when not given.</summary>
    public string? OptionalKeyId(string name) => IsGiven(name) ? KeyId(name) : null;

    /// <summary>A required key id, alias, or ARN of either.</summary>
    public KeyReference KeyOrAlias(string name)
    {
        var value = Text(name, LongestKeyReference);
        if (Arn.TryParse(value, account, out var resource)) value = resource;
        return IsAlias(value)
            ? KeyReference.ByAlias(value[AliasPrefix.Length..])
            : KeyReference.ById(value);
    }

    /// <summary>A required alias: "alias/" and 1 to 255 characters, none of them a control character.</summary>
    public string Alias(string name)
    {
        var value = Text(name, LongestKeyReference);
        if (Error is not null) return "";
        var alias = IsAlias(value) ? value[AliasPrefix.Length..] : "";
        return alias.Length is >= 1 and <= LongestAlias && !alias.Any(char.IsControl) ? alias : Invalid(name);
    }

    /// <summary>The page asked for: from 1, of 1 to 100 rows, 10 unless said (seed 001, 4.10).</summary>
    public PageRequest Page() => new(
        OptionalInteger("PageNumber", 1, int.MaxValue) ?? 1,
        (int)(OptionalInteger("PageSize", 1, 100) ?? 10));

    /// <summary>Required Base64, of at most <paramref name="longest"/> bytes.</summary>
    public byte[] Base64(string name, int longest)
    {
        if (!request.TryGetUtf8(name, out var text) || text.IsEmpty)
        {
            Fail(AliyunErrors.MissingParameter(name));
            return [];
        }

        if (!Base64Text.IsCanonical(text) || Base64Text.MostBytes(text) > longest)
        {
            Invalid(name);
            return [];
        }

        var bytes = new byte[Base64Text.MostBytes(text)];
        Base64Text.TryDecode(text, bytes, out _);
        return bytes;
    }

    /// <summary>Required Base64 of at most <paramref name="longest"/> bytes. Lives as long as this binder.</summary>
    public ReadOnlyMemory<byte> SecretBase64(string name, int longest)
    {
        var secret = new SecretBytes(Base64(name, longest));
        _secrets.Add(secret);
        return secret.Memory;
    }

    /// <summary>
    /// A plaintext of 1 to 6144 bytes. Text that is not canonical Base64 is taken as it stands and goes
    /// back the same: the vendor's own samples pass it so. Lives as long as this binder.
    /// </summary>
    public (ReadOnlyMemory<byte> Plaintext, PlaintextForm Form) Plaintext(string name)
    {
        if (!request.TryGetUtf8(name, out var text) || text.IsEmpty)
        {
            Fail(AliyunErrors.MissingParameter(name));
            return default;
        }

        var isBase64 = Base64Text.IsCanonical(text);
        var bytes = isBase64 ? Base64Text.MostBytes(text) : text.Length;
        if (bytes > Envelope.MostPlaintext)
        {
            Invalid(name);
            return default;
        }

        var plaintext = new SecretBytes(new byte[bytes]);
        _secrets.Add(plaintext);
        if (isBase64) Base64Text.TryDecode(text, plaintext.Writable, out _);
        else text.CopyTo(plaintext.Writable);
        return (plaintext.Memory, isBase64 ? PlaintextForm.Bytes : PlaintextForm.VerbatimText);
    }

    /// <summary>
    /// An encryption context, as a JSON map or, from some of the vendor's clients, flattened into one
    /// parameter for each of its keys.
    /// </summary>
    public EncryptionContext Context(string name)
    {
        var flattened = EncryptionContext.From(request.StartingWith(name + "."));
        var context = request.TryGet(name, out var json) switch
        {
            false => flattened,
            true when flattened == EncryptionContext.Empty => EncryptionContext.FromJson(json!),
            true => null,
        };
        if (context is null) Invalid(name);
        return context ?? EncryptionContext.Empty;
    }

    /// <summary>A required key version id.</summary>
    public string KeyVersionId(string name = "KeyVersionId") => Text(name, LongestKeyReference);

    /// <summary>RotationInterval, which is required when rotation is enabled and of no meaning otherwise.</summary>
    public TimeSpan? RotationInterval(bool isEnabled)
    {
        const string name = "RotationInterval";
        if (!isEnabled) return null;
        var interval = RotationIntervalText.Parse(Text(name, RotationIntervalText.Longest));
        if (interval is null) Invalid(name);
        return interval;
    }

    /// <summary>Makes <paramref name="name"/> the parameter that will not do, unless another was before it.</summary>
    public string Invalid(string name) => Fail(AliyunErrors.InvalidParameter(name));

    /// <summary>Zeroes the plaintexts.</summary>
    public void Dispose() => _secrets.ForEach(secret => secret.Dispose());

    private static bool IsAlias(string value) => value.StartsWith(AliasPrefix, StringComparison.Ordinal);

    private string Fail(AliyunError error)
    {
        Error ??= error;
        return "";
    }
}

/// <summary>A page of a listing.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Size">Rows a page.</param>
internal readonly record struct PageRequest(long Number, int Size)
{
    /// <summary>How many rows come before it.</summary>
    public long Offset => (Number - 1) * Size;
}
