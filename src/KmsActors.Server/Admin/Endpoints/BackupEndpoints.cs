using System.Net.Mime;
using KmsActors.Grains.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace KmsActors.Server;

/// <summary>Copies of the whole database: <c>/backup</c>, <c>/restore</c>. The root key is not in them.</summary>
internal static class BackupEndpoints
{
    /// <summary>What a copy is, as IANA calls it.</summary>
    private const string Sqlite = "application/vnd.sqlite3";

    public static void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/backup", BackUpAsync)
            .WithName("BackUpDatabase")
            .WithSummary(
                "Answers with the database as it is now, without the root key; Repr-Digest has the SHA-256 of it.")
            .Produces<Stream>(StatusCodes.Status200OK, Sqlite);
        admin.MapPost("/restore", RestoreAsync).Accepts<Stream>(Sqlite, "*/*").Describe<RestoreBody>(
            "RestoreDatabase",
            "Takes such a copy, checks it against Repr-Digest, if that is sent, and the root key, and starts anew on "
                + "it. That is done when DescribeService names it as restored.",
            StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> BackUpAsync(
        AdminCall call, HttpContext http, DatabaseCopies copies, ILogger<DatabaseCopies> log)
    {
        if (!copies.IsPossible) return call.Refuse(AdminErrors.NotSqlite);
        if (copies.TryBegin() is not { } turn) return call.Refuse(AdminErrors.CopyUnderWay);
        try
        {
            var (file, hash) = await copies.BackUpAsync(AdminBarrier.RequestIdOf(http), http.RequestAborted);
            http.Response.RegisterForDisposeAsync(file);
            http.Response.RegisterForDispose(turn);
            http.Response.Headers["Repr-Digest"] = ReprDigest.Of(hash);
            http.Response.Headers.ContentDisposition =
                new ContentDisposition { FileName = "kms-backup.db" }.ToString();
            return TypedResults.Stream(file, Sqlite);
        }
        catch (Exception failure)
            when (failure is StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            turn.Dispose();
            AdminBarrier.CopyFailed(log, failure, AdminBarrier.RequestIdOf(http));
            return call.Refuse(AdminErrors.CopyFailed);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private static async Task<IResult> RestoreAsync(
        AdminCall call,
        HttpContext http,
        DatabaseCopies copies,
        AdminOptions options,
        ILogger<DatabaseCopies> log)
    {
        if (!copies.IsPossible) return call.Refuse(AdminErrors.NotSqlite);
        if (!ReprDigest.TryRead(http.Request.Headers[ReprDigest.Header], out var hash))
            return call.Refuse(AdminErrors.Invalid(ReprDigest.Header, "It is sha-256=:…:, with 32 bytes in Base64."));
        if (http.Request.ContentLength > options.MostRestoreBytes) return call.Refuse(AdminErrors.BodyTooLong);
        using var turn = copies.TryBegin();
        if (turn is null) return call.Refuse(AdminErrors.CopyUnderWay);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = options.MostRestoreBytes;
        try
        {
            var restore = await copies.RestoreAsync(
                http.Request.Body, hash, AdminBarrier.RequestIdOf(http), http.RequestAborted);
            http.Response.OnCompleted(() =>
            {
                copies.StopServing();
                return Task.CompletedTask;
            });
            return TypedResults.Json(restore, statusCode: StatusCodes.Status202Accepted);
        }
        catch (CopyException useless)
        {
            return call.Refuse(AdminErrors.Of(useless));
        }
        catch (RootKeyException)
        {
            return call.Refuse(AdminErrors.AnotherRootKey);
        }
        catch (StartException refused)
        {
            AdminBarrier.CopyFailed(log, refused, AdminBarrier.RequestIdOf(http));
            return call.Refuse(AdminErrors.WouldNotStart with { Title = refused.Message });
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException
                && failure is not BadHttpRequestException && !IsGone(http))
        {
            AdminBarrier.CopyFailed(log, failure, AdminBarrier.RequestIdOf(http));
            return call.Refuse(AdminErrors.CopyFailed);
        }
    }

    private static bool IsGone(HttpContext http) => http.RequestAborted.IsCancellationRequested;
}
