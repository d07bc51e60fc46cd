using System.Globalization;

namespace KmsActors.CrashTests;

/// <summary>
/// A client with keys and aliases of its own, which it keeps over all rounds. It makes one call at a
/// time, so what it knows of them is exact.
/// </summary>
internal sealed class Worker(int number)
{
    private const int Aliases = 10;
    private const int MostTagKeys = 6;

    // A pair of import keys costs the server 200 to 300 ms, so only few ask for one.
    private const int ImportingWorkers = 3;
    private const int MostTokens = 3;

    private int _created;

    public List<TrackedKey> Keys { get; } = [];

    public List<TrackedAlias> AliasNames { get; } =
        [.. Enumerable.Range(0, Aliases).Select(i => new TrackedAlias($"w{number}-a{i}"))];

    /// <summary>A key that may have come into being without an answer.</summary>
    public KeyModel? CreationInDoubt { get; set; }

    private bool Imports => number < ImportingWorkers;

    /// <summary>
    /// Looks at what the round before left in doubt, then makes calls until one goes unanswered, which it must
    /// not before the server is killed.
    /// </summary>
    public async Task RunAsync(SignedClient client, Random random, Round round)
    {
        var alive = await ProbeAsync(client, random, round, all: false);
        while (alive) alive = await TryStepAsync(client, Choose(random), round);
    }

    /// <summary>Describes and decrypts: all keys, or those that were in doubt and some of the rest.</summary>
    public async Task<bool> ProbeAsync(SignedClient client, Random random, Round round, bool all)
    {
        var alive = true;
        foreach (var key in Keys)
        {
            if (!all && !key.WasInDoubt && random.Next(Keys.Count) > 1) continue;
            alive = alive && await TryStepAsync(client, KeySteps.Describe(key), round);
            foreach (var ciphertext in key.Ciphertexts)
                alive = alive && await TryStepAsync(client, KeySteps.Decrypt(key, ciphertext), round);
        }

        return alive;
    }

    private static async Task<bool> TryStepAsync(SignedClient client, Step step, Round round)
    {
        var answer = await client.CallAsync(step.Action, step.Parameters);
        if (answer is null)
        {
            if (step.Changes) step.Unanswered!();
            round.CountUnanswered(step);
            return false;
        }

        var complaint = answer.Code == step.Refusal
            ? answer.Code is null ? step.Answered?.Invoke(answer) : null
            : $"answered {answer.Code ?? "success"}, not {step.Refusal ?? "success"}";
        round.CountAnswered(step, answer, complaint);
        return complaint is null;
    }

    private Step Choose(Random random)
    {
        var roll = random.Next(100);
        if (Keys.Count < 2 || roll < 8) return CreateKey(random);
        var key = Keys[random.Next(Keys.Count)];
        var alias = AliasNames[random.Next(AliasNames.Count)];
        return roll switch
        {
            < 16 => AliasSteps.Create(alias, key),
            < 28 => AliasSteps.Update(alias, key),
            < 33 => AliasSteps.Delete(alias),
            < 40 => KeySteps.Schedule(key, random.Next(7, 31)),
            < 48 => KeySteps.Cancel(Prefer(random, key, KeyModel.PendingDeletion)),
            < 54 => KeySteps.Disable(key),
            < 60 => KeySteps.Enable(Prefer(random, key, KeyModel.Disabled)),
            < 68 => KeySteps.Tag(key, TagKey(random), random.Next(3).ToString(CultureInfo.InvariantCulture)),
            < 72 => KeySteps.Untag(key, TagKey(random)),
            < 80 => Imports ? Import(random) : KeySteps.DeleteMaterial(key),
            < 90 => KeySteps.Encrypt(key, $"plaintext {random.Next()} of worker {number}"),
            _ => Decrypt(random, key),
        };
    }

    private static string TagKey(Random random) => $"tag{random.Next(MostTagKeys)}";

    private Step CreateKey(Random random)
    {
        var external = Imports && random.Next(4) == 0;
        var fresh = KeyModel.New($"w{number}-k{_created++}", external);
        return new Step(
            "CreateKey", ("Description", fresh.Marker), ("Origin", external ? "EXTERNAL" : "Aliyun_KMS"))
        {
            Changes = true,
            Answered = answer =>
            {
                Keys.Add(new TrackedKey(answer.Text("KeyMetadata", "KeyId"), fresh));
                return null;
            },
            Unanswered = () => CreationInDoubt = fresh,
        };
    }

    private Step Import(Random random)
    {
        var external = Keys.FindAll(key => key.Now.External);
        if (external.Count == 0) return CreateKey(random);
        var key = external[random.Next(external.Count)];
        foreach (var each in external) each.Tokens.RemoveAll(token => !each.Now.Tokens.Contains(token.Name));
        if (key.Now.HasMaterial && random.Next(3) == 0) return KeySteps.DeleteMaterial(key);
        var ready = external.Find(each => each.Tokens.Count > 0);
        if (ready is null || (random.Next(4) == 0 && external.Sum(each => each.Tokens.Count) < MostTokens))
            return KeySteps.GetParametersForImport(key);
        var seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + random.Next(86_400, 30 * 86_400);
        return KeySteps.Import(
            ready, ready.Tokens[0], random.Next(2) == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds));
    }

    private Step Decrypt(Random random, TrackedKey otherwise)
    {
        var used = Keys.FindAll(key => key.Ciphertexts.Count > 0);
        if (used.Count == 0) return KeySteps.Describe(otherwise);
        var key = used[random.Next(used.Count)];
        return KeySteps.Decrypt(key, key.Ciphertexts[random.Next(key.Ciphertexts.Count)]);
    }

    private TrackedKey Prefer(Random random, TrackedKey otherwise, string state) =>
        random.Next(5) == 0 ? otherwise : Keys.FindLast(key => key.Now.State == state) ?? otherwise;
}
