using System.Globalization;
using KmsActors.Hsa;
using KmsActors.Operations;
using KmsActors.Protocols.Http;

namespace KmsActors.Protocols.Tencent;

/// <summary>
/// Turns a request's parameters into what operations take, within the documents' bounds. The first parameter
/// that will not do is the answer; what a reader returns after that is of no use. To be disposed; not for two
/// threads at once.
/// </summary>
internal sealed class ParameterBinder(Parameters parameters) : IDisposable
{
    private const int KeyIdLength = 36;

    private readonly List<SecretBytes> _secrets = [];

    /// <summary>What is wrong with the parameters, or null.</summary>
    public TencentError? Error { get; private set; }

    /// <summary>Whether the parameter is there, whatever it says.</summary>
    public bool IsGiven(string name) => parameters.TryGetUtf8(name, out _);

    /// <summary>A required key id. What has another form than a key id is the id of no key.</summary>
    public string KeyId(string name = "keyId")
    {
        if (Required(name) is not { } keyId) return "";
        return keyId.Length == KeyIdLength ? keyId : Fail(TencentErrors.KeyNotFound);
    }

    /// <summary>A required text of so many Unicode characters, none of them a control character.</summary>
    public string Text(string name, int least, int most)
    {
        if (!IsGiven(name)) return Fail(TencentErrors.Missing(name));
        return OptionalText(name, least, most) ?? "";
    }

    /// <summary>As <see cref="Text"/>, or null when not given.</summary>
    public string? OptionalText(string name, int least, int most, bool allowsControl = false)
    {
        if (!parameters.TryGetUtf8(name, out var utf8)) return null;
        // A character is four bytes at most, so what is far too long is not even decoded.
        if (utf8.Length > 4L * most) return OutOfRange(name);
        var text = parameters[name]!;
        var characters = text.EnumerateRunes().Count();
        var isGood = characters >= least && characters <= most && (allowsControl || !text.Any(char.IsControl));
        return isGood ? text : OutOfRange(name);
    }

    /// <summary>One of the documents' words, compared as they are written; the first when not given.</summary>
    public T Choice<T>(string name, TencentError error, params ReadOnlySpan<(string Word, T Meaning)> choices)
    {
        if (!parameters.TryGet(name, out var value)) return choices[0].Meaning;
        foreach (var (word, meaning) in choices)
        {
            if (word == value) return meaning;
        }

        Fail(error);
        return choices[0].Meaning;
    }

    /// <summary>A whole number in ASCII digits, or null when not given.</summary>
    public int? OptionalInteger(string name, int least, int most)
    {
        if (!parameters.TryGet(name, out var value)) return null;
        // The parser itself passes over NULs at the end.
        if (value.All(char.IsAsciiDigit)
            && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        OutOfRange(name);
        return null;
    }

    /// <summary>A required whole number.</summary>
    public int Integer(string name, int least, int most)
    {
        Required(name);
        return OptionalInteger(name, least, most) ?? least;
    }

    /// <summary>
    /// The values of <c>name.0</c>, <c>name.1</c> and so on, none left out (seed 002: id.n); empty when not given.
    /// </summary>
    public IReadOnlyList<string> List(string name, int most)
    {
        var given = parameters.StartingWith(name + ".").Take(most + 1).ToList();
        var values = new string?[given.Count];
        foreach (var (place, value) in given)
        {
            var isPlace = int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && index < values.Length && index.ToString(CultureInfo.InvariantCulture) == place;
            if (!isPlace || given.Count > most)
            {
                OutOfRange(name);
                return [];
            }

            values[index] = value;
        }

        return values!;
    }

    /// <summary>Required Base64 of so many bytes.</summary>
    public byte[] Base64(string name, int least, int most, TencentError malformed)
    {
        if (!parameters.TryGetUtf8(name, out var text) || text.IsEmpty)
        {
            Fail(TencentErrors.Missing(name));
            return [];
        }

        var length = Base64Text.MostBytes(text);
        if (length < least || length > most || !Base64Text.IsCanonical(text))
        {
            Fail(malformed);
            return [];
        }

        var bytes = new byte[length];
        Base64Text.TryDecode(text, bytes, out _);
        return bytes;
    }

    /// <summary>A required plaintext in Base64, of 1 to so many bytes. Lives as long as this binder.</summary>
    public ReadOnlyMemory<byte> Plaintext(string name, int most)
    {
        var isTooLong = parameters.TryGetUtf8(name, out var text)
            && Base64Text.IsCanonical(text) && Base64Text.MostBytes(text) > most;
        if (isTooLong) OutOfRange(name);
        var plaintext = new SecretBytes(Base64(name, 1, most, TencentErrors.PlaintextNotBase64));
        _secrets.Add(plaintext);
        return plaintext.Memory;
    }

    /// <summary>An encryption context: a JSON object of strings; none is as good as an empty one.</summary>
    public EncryptionContext Context()
    {
        const string name = "encryptionContext";
        if (!parameters.TryGet(name, out var json)) return EncryptionContext.Empty;
        var context = EncryptionContext.FromJson(json);
        if (context is null) Fail(TencentErrors.EncryptionContextIllegal);
        return context ?? EncryptionContext.Empty;
    }

    /// <summary>Makes <paramref name="name"/> the parameter that will not do, unless another was before it.</summary>
    public string OutOfRange(string name) => Fail(TencentErrors.OutOfRange(name));

    /// <summary>Zeroes the plaintexts.</summary>
    public void Dispose() => _secrets.ForEach(secret => secret.Dispose());

    private string? Required(string name)
    {
        if (parameters.TryGetUtf8(name, out var value) && !value.IsEmpty) return parameters[name];
        Fail(TencentErrors.Missing(name));
        return null;
    }

    private string Fail(TencentError error)
    {
        Error ??= error;
        return "";
    }
}
