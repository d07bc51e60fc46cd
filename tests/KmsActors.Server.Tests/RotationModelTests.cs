using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace KmsActors.Server.Tests;

/// <summary>
/// Whatever happens to a few keys, in whatever order: a ciphertext that was ever made decrypts exactly when
/// its key may be used, and what encrypts is the version that a small model says.
/// </summary>
public sealed class RotationModelTests(TestServer server) : IClassFixture<TestServer>
{
    private const int Keys = 3;
    private const int LongestStory = 50;

    // The likelier, the more often it stands here.
    private static readonly string[] s_events =
    [
        "encrypt", "encrypt", "encrypt", "data key", "move", "move", "pass", "pass", "pass", "pass", "disable", "enable",
        "enable", "schedule", "cancel", "cancel", "policy", "policy", "no policy",
    ];

    private static readonly Gen<Step> s_steps =
        from what in Gen.Elements(s_events)
        from key in Gen.Choose(0, Keys - 1)
        from number in Gen.Choose(0, 14)
        select new Step(what, key, number);

    private Tenant Root => server.Root;

    private DateTimeOffset Now => server.Clock.GetUtcNow();

    [Property(MaxTest = 25)]
    public Property Ciphertexts_AfterAnyStory_DecryptExactlyWhenTheirKeyMayBeUsed() => Prop.ForAll(
        Arb.From(s_steps.ArrayOf().Resize(LongestStory), Shorter),
        async story =>
        {
            KeyModel[] keys = [await MakeAsync(7), await MakeAsync(10), await MakeAsync(null)];
            List<Ciphertext> made = [];
            foreach (var step in story)
            {
                await TakeAsync(step, keys, made);
                await CompareAsync(keys[step.Key]);
            }

            foreach (var key in keys) await CompareAsync(key);
            foreach (var ciphertext in made) await DecryptAsync(ciphertext);
        });

    // What went wrong in a story mostly goes wrong in a shorter one.
    private static IEnumerable<Step[]> Shorter(Step[] story)
    {
        for (var half = story.Length / 2; half > 0; half /= 2)
        {
            for (var at = 0; at + half <= story.Length; at += half) yield return [.. story[..at], .. story[(at + half)..]];
        }
    }

    private static bool Follows(Answer answer, string? refusal)
    {
        if (refusal is null) answer.AssertOk();
        else answer.AssertRefused(refusal);
        return refusal is null;
    }

    private async Task<KeyModel> MakeAsync(int? interval)
    {
        var keyId = interval is null ? await Root.KeyAsync() : await Root.RotatingKeyAsync($"{interval}d");
        return new KeyModel(keyId, Assert.Single(await Root.VersionsAsync(keyId)), Now) { Interval = interval };
    }

    private Task TakeAsync(Step step, KeyModel[] keys, List<Ciphertext> made)
    {
        var key = keys[step.Key];
        var text = $"text {made.Count}";
        var days = 7 + step.Number;
        return step.What switch
        {
            "encrypt" => EncryptAsync("Encrypt", key, text, [("KeyId", key.Id), ("Plaintext", text)], made),
            "data key" => EncryptAsync("GenerateDataKey", key, null, [("KeyId", key.Id)], made),
            "move" => made.Count == 0 ? Task.CompletedTask : MoveAsync(made[step.Number % made.Count], key, made),
            "pass" => PassAsync(step.Number, keys),
            "disable" => SwitchAsync("DisableKey", key, "Disabled"),
            "enable" => SwitchAsync("EnableKey", key, "Enabled"),
            "schedule" => ScheduleAsync(key, days),
            "cancel" => CancelAsync(key),
            "policy" => UpdateAsync(key, days, ("EnableAutomaticRotation", "true"), ("RotationInterval", $"{days}d")),
            _ => UpdateAsync(key, null, ("EnableAutomaticRotation", "false")),
        };
    }

    // Some days end a tick before something is due, some just when it is.
    private async Task PassAsync(int days, KeyModel[] keys)
    {
        var due = keys.Select(key => key.Due).Where(date => date > Now).DefaultIfEmpty().Min();
        if (days % 3 == 0 && due is not null) server.Clock.ShiftTo(due.Value.AddTicks(days % 2 == 0 ? 0 : -1));
        else server.Clock.Shift(TimeSpan.FromDays(days));
        await server.RunRemindersAsync();
        foreach (var key in keys)
        {
            key.Pass(Now);
            if (key.State == "gone") continue;
            var versions = await Root.VersionsAsync(key.Id);
            if (key.WantsRotation(Now)) key.Rotate(versions[^1], Now);
            Assert.Equal(key.Versions, versions);
            Assert.Equal(versions, versions.Distinct());
        }
    }

    private async Task EncryptAsync(string action, KeyModel key, string? text, Args arguments, List<Ciphertext> made)
    {
        var answer = await Root.CallAsync(action, arguments);
        if (!Follows(answer, key.RefusesUse)) return;
        Assert.Equal((key.Id, key.Versions[^1]), (answer["KeyId"], answer["KeyVersionId"]));
        made.Add(new Ciphertext(key, key.Versions[^1], answer["CiphertextBlob"], text ?? answer["Plaintext"]));
    }

    private async Task MoveAsync(Ciphertext source, KeyModel destination, List<Ciphertext> made)
    {
        Args arguments = [("CiphertextBlob", source.Blob), ("DestinationKeyId", destination.Id)];
        // The source is asked first.
        if (source.Key.RefusesUse is { } refusal) await Root.RefusedAsync(refusal, null, "ReEncrypt", arguments);
        else await EncryptAsync("ReEncrypt", destination, source.Text, arguments, made);
    }

    private async Task SwitchAsync(string action, KeyModel key, string state)
    {
        var answer = await Root.CallAsync(action, ("KeyId", key.Id));
        if (Follows(answer, key.RefusesLeaving("Enabled", "Disabled"))) key.Become(state);
    }

    private async Task ScheduleAsync(KeyModel key, int days)
    {
        var answer = await Root.CallAsync("ScheduleKeyDeletion", ("KeyId", key.Id), ("PendingWindowInDays", $"{days}"));
        if (Follows(answer, key.RefusesLeaving("Enabled", "Disabled"))) key.Become("PendingDeletion", Now.AddDays(days));
    }

    private async Task CancelAsync(KeyModel key)
    {
        var answer = await Root.CallAsync("CancelKeyDeletion", ("KeyId", key.Id));
        if (Follows(answer, key.RefusesLeaving("PendingDeletion"))) key.Become("Enabled");
    }

    private async Task UpdateAsync(KeyModel key, int? interval, params Args policy)
    {
        var answer = await Root.CallAsync("UpdateRotationPolicy", [("KeyId", key.Id), .. policy]);
        if (Follows(answer, key.RefusesUse)) key.Interval = interval;
    }

    private async Task CompareAsync(KeyModel key)
    {
        var answer = await Root.CallAsync("DescribeKey", ("KeyId", key.Id));
        if (!Follows(answer, key.State == "gone" ? key.RefusesUse : null)) return;
        Assert.Equal(
            (key.State, key.Versions[^1], key.Rotation, key.Next is not null),
            (answer["KeyMetadata.KeyState"], answer["KeyMetadata.PrimaryKeyVersion"],
                answer["KeyMetadata.AutomaticRotation"], answer.Has("KeyMetadata.NextRotationDate")));
        if (key.Next is { } next)
            Assert.Equal(next.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"), answer["KeyMetadata.NextRotationDate"]);
    }

    private async Task DecryptAsync(Ciphertext ciphertext)
    {
        var answer = await Root.CallAsync("Decrypt", ("CiphertextBlob", ciphertext.Blob));
        if (!Follows(answer, ciphertext.Key.RefusesUse)) return;
        Assert.Equal(ciphertext.Text, answer["Plaintext"]);
        Assert.Equal((ciphertext.Key.Id, ciphertext.Version), (answer["KeyId"], answer["KeyVersionId"]));
    }

    /// <summary>Something that happens to a key.</summary>
    private sealed record Step(string What, int Key, int Number)
    {
        public override string ToString() => $"{What} {Key} ({Number})";
    }

    /// <summary>Something that was encrypted once.</summary>
    private sealed record Ciphertext(KeyModel Key, string Version, string Blob, string Text);
}
