using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace KmsActors.Protocols.Huawei.Tests;

/// <summary>Whatever a client signs can be verified, and no single change to any of it can.</summary>
public class SignaturePropertyTests
{
    private const string Letters = "abcdeXYZ019-_.~ %+/&=?!'()*:;,<>\"\\密钥é🔑";

    [Property(MaxTest = 2000)]
    public Property Signed_Anything_IsVerified() => Prop.ForAll(Signers(), signer => Assert.True(IsGood(signer.Request())));

    [Property(MaxTest = 300)]
    public Property Signed_Anything_IsNotVerifiedByAnotherSecret() => Prop.ForAll(
        Signers(), signer => Assert.False(SignedTexts.Of(signer.Request(), Signer.Clock)!.IsMadeWith("testsecres"u8)));

    [Property(MaxTest = 300)]
    public Property Changed_Method_IsRefused() => Prop.ForAll(
        Signers(), signer => AssertBroken(signer, signer with { Method = signer.Method == "POST" ? "PUT" : "POST" }));

    [Property(MaxTest = 500)]
    public Property Changed_Body_IsRefused() => Prop.ForAll(Signers(), Places(), (signer, place) =>
    {
        byte[] body = [.. signer.Body];
        if (body.Length == 0) body = [0];
        else body[place % body.Length] ^= (byte)(1 + (place % 255));
        AssertBroken(signer, signer with { Body = body });
        AssertBroken(signer, signer with { Body = [.. signer.Body, (byte)' '] });
        if (signer.Body.Length > 0) AssertBroken(signer, signer with { Body = signer.Body[..^1] });
    });

    // An unreserved character is put in, which no encoding can hide.
    [Property(MaxTest = 500)]
    public Property Changed_Path_IsRefused() => Prop.ForAll(Signers(), Places(), (signer, place) =>
    {
        string path = signer.Target.Split('?')[0];
        AssertBroken(signer, signer with { Target = InsertOutsideEscapes(signer.Target, 1 + (place % path.Length)) });
    });

    [Property(MaxTest = 500)]
    public Property Changed_Query_IsRefused() => Prop.ForAll(Signers(), Places(), (signer, place) =>
    {
        int query = signer.Target.IndexOf('?', StringComparison.Ordinal) + 1;
        string changed = query == 0
            ? signer.Target + "?x"
            : InsertOutsideEscapes(signer.Target, query + (place % (signer.Target.Length - query + 1)));
        AssertBroken(signer, signer with { Target = changed });
        AssertBroken(signer, signer with { Target = signer.Target + (query == 0 ? "?" : "&") + "x=y" });
    });

    [Property(MaxTest = 500)]
    public Property Changed_Header_IsRefused() => Prop.ForAll(Signers(), Places(), (signer, place) =>
    {
        int changed = place % signer.Headers.Length;
        (string Name, string Value)[] headers = [.. signer.Headers];
        headers[changed].Value += "x";
        AssertBroken(signer, signer with { Headers = headers });
        AssertBroken(signer, signer with { Headers = [.. signer.Headers.Where((_, i) => i != changed)] });
        AssertBroken(signer, signer with { Headers = [.. signer.Headers, signer.Headers[changed]] });
    });

    [Property(MaxTest = 500)]
    public Property Changed_Authorization_IsRefused() => Prop.ForAll(Signers(), Places(), (signer, place) =>
    {
        // The access key id says only whose secret it is; all behind it is signed or the signature.
        string authorization = signer.Authorization();
        int start = authorization.IndexOf(", SignedHeaders", StringComparison.Ordinal);
        int at = start + (place % (authorization.Length - start));
        char other = authorization[at] == '0' ? '1' : '0';
        string replaced = authorization[..at] + other + authorization[(at + 1)..];
        Assert.False(IsGood(signer.Request(replaced)));
        Assert.False(IsGood(signer.Request(authorization.Remove(at, 1))));
        Assert.False(IsGood(signer.Request(authorization.Insert(at + 1, "0"))));
    });

    [Property(MaxTest = 500)]
    public void Hostile_Authorization_NeverThrows(NonNull<string> text)
    {
        using HuaweiRequest request = new Signer().Request(text.Get);
        Assert.False(IsGood(request));
        request.Headers.Authorization = $"SDK-HMAC-SHA256 Access=a, SignedHeaders={text.Get}, Signature={new string('0', 64)}";
        Assert.False(IsGood(request));
    }

    // What cannot even be read is refused before.
    private static void AssertBroken(Signer signer, Signer changed)
    {
        if (RequestTarget.Parse(changed.Target) is null) return;
        using HuaweiRequest request = changed.Request(signer.Authorization());
        Assert.False(IsGood(request));
    }

    private static bool IsGood(HuaweiRequest request) =>
        SignedTexts.Of(request, Signer.Clock)?.IsMadeWith(Signer.Secret) ?? false;

    // Behind a '%' or its first digit it would make another escape, or none.
    private static string InsertOutsideEscapes(string target, int at)
    {
        while (target.AsSpan(Math.Max(0, at - 2), Math.Min(2, at)).Contains('%')) at++;
        return target.Insert(at, "q");
    }

    private static Arbitrary<int> Places() => Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    private static Arbitrary<Signer> Signers()
    {
        Gen<string> text = Gen.ArrayOf(Gen.Elements(Letters.EnumerateRunes().Select(rune => rune.ToString())))
            .Select(characters => string.Concat(characters.Take(8)));
        Gen<string> segment = text.Select(Uri.EscapeDataString);
        Gen<string> target =
            from segments in Gen.ArrayOf(segment)
            from names in Gen.ArrayOf(segment)
            from values in Gen.ArrayOf(segment)
            let query = string.Join('&', names.Zip(values).Take(5).Select(pair => $"{pair.First}={pair.Second}"))
            select "/" + string.Join('/', segments.Take(6)) + (query.Length == 0 ? "" : "?" + query);
        Gen<(string, string)[]> headers =
            from values in Gen.ArrayOf(text)
            select (ValueTuple<string, string>[])
                [
                    ("host", "kms.example"), ("x-sdk-date", Signer.Now),
                    .. values.Take(4).Select((value, i) => ($"X-H{i % 3}", value.Trim())),
                ];
        return (
            from method in Gen.Elements("GET", "POST", "DELETE")
            from sent in target
            from all in headers
            from body in Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b))
            from path in Gen.Elements(SignedPath.Meant, SignedPath.Sent, SignedPath.Flattened)
            select new Signer { Method = method, Target = sent, Headers = all, Body = body, Path = path }).ToArbitrary();
    }
}
