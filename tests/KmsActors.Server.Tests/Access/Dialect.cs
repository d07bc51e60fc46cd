using KmsActors.Operations;

namespace KmsActors.Server.Tests.Access;

/// <summary>A protocol, as tests of all its operations see it.</summary>
internal abstract class Dialect
{
    public static IReadOnlyDictionary<string, Dialect> All { get; } = new Dictionary<string, Dialect>
    {
        ["Aliyun"] = new AliyunDialect(),
        ["Huawei"] = new HuaweiDialect(),
        ["Tencent"] = new TencentDialect(),
        ["IAM"] = new IamDialect(),
    };

    /// <summary>The names of the server's table.</summary>
    public abstract IEnumerable<string> Table { get; }

    /// <summary>All operations; of one with several uses, what it is used for follows in brackets.</summary>
    public abstract IEnumerable<string> Operations { get; }

    /// <summary>Which of them name nothing that an account could have, with what they do instead.</summary>
    public abstract IReadOnlyDictionary<string, string> Nameless { get; }

    /// <summary>The parameters that name nothing that an account could have.</summary>
    public abstract string[] Values { get; }

    /// <summary>Who there can be.</summary>
    public virtual Func<Caller, bool> Takes => caller => caller.Token is null;

    /// <summary>All ways to name what is another's.</summary>
    public IEnumerable<Attempt> Attempts => Operations.SelectMany(AttemptsOf);

    /// <summary>Listings, and what is in their answers when there is nothing to list.</summary>
    public abstract IEnumerable<(string What, Call Call, string Expected)> Lists { get; }

    /// <summary>What policies say of an operation; null for what they have no say in.</summary>
    public virtual PolicyAction? PolicyOf(string operation) => null;

    /// <summary>How a user is refused what no policy allows him: at all, or with one key.</summary>
    public virtual (string Call, string Key) Forbidden => default;

    /// <summary>The operations that are about no one key.</summary>
    public virtual string[] Keyless => [];

    /// <summary>A call that succeeds; what it takes is made.</summary>
    public abstract Task<Call> GoodAsync(string operation, Tenant account);

    /// <summary>The same where it need not succeed, if it cannot without changing the time.</summary>
    public virtual Task<Call> StandingAsync(string operation, Tenant account) => GoodAsync(operation, account);

    public static string NameOf(string operation) => operation.Split('(')[0];

    protected abstract IEnumerable<Attempt> AttemptsOf(string operation);
}
