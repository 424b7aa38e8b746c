using Tarn.S3.Authorization;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>
/// Storing an object under a key that has one takes away what was there. Keys that a service of the installation granted do that only where they may remove
/// it, by <c>s3:DeleteObject</c>: the others make new objects.
/// </summary>
internal static class Replacing
{
    private const string Refusal = "These keys do not replace what is there: that takes s3:DeleteObject, which they lack, or another branch or table, or what was dropped and can be brought back, needs it. New objects may be made.";

    /// <summary>The condition under which an object is stored, refusing at once what it would refuse in the end.</summary>
    /// <exception cref="S3Exception">AccessDenied.</exception>
    public static async ValueTask<WriteCondition?> LimitAsync(S3Call call, ObjectCommit commit, CancellationToken cancellationToken)
    {
        var limited = await LimitAsync(call, commit.Key, commit.Condition, cancellationToken);
        if (!ReferenceEquals(limited, commit.Condition) && await IsThereAsync(call, commit.Key, cancellationToken))
            throw new S3Exception(S3Error.AccessDenied, Refusal);
        return limited;
    }

    /// <summary>
    /// What is stored, looked at once more when its content is there: that may have taken long, and what lies in the folder that the keys are for may have come to
    /// somebody else meanwhile, or by a merge to another branch.
    /// </summary>
    /// <exception cref="S3Exception">AccessDenied.</exception>
    public static async ValueTask<ObjectCommit> ConfirmAsync(S3Call call, ObjectCommit commit, CancellationToken cancellationToken)
    {
        await RequireStillGrantedAsync(call, commit.Key, cancellationToken);
        return commit with { Condition = await LimitAsync(call, commit, cancellationToken) };
    }

    /// <summary>The same of an upload that is completed.</summary>
    /// <exception cref="S3Exception">AccessDenied.</exception>
    public static async ValueTask<WriteCondition?> ConfirmAsync(S3Call call, string key, WriteCondition? asked, CancellationToken cancellationToken)
    {
        await RequireStillGrantedAsync(call, key, cancellationToken);
        return await LimitAsync(call, key, asked, cancellationToken);
    }

    private static ValueTask RequireStillGrantedAsync(S3Call call, string key, CancellationToken cancellationToken) =>
        call.RequireStillGrantedAsync(new S3Permission("s3:PutObject", call.Request.Bucket, key), cancellationToken);

    private static async ValueTask<bool> IsThereAsync(S3Call call, string key, CancellationToken cancellationToken) =>
        await call.Services.Store.HeadAsync(call.Request.Bucket, key, null, cancellationToken) is { IsDeleteMarker: false };

    // What is not there takes nothing away, which is not worth a question. It is stored as new then, since somebody else may be as quick. An upload that is completed once more is answered as before.
    /// <exception cref="S3Exception">AccessDenied.</exception>
    private static async ValueTask<WriteCondition?> LimitAsync(S3Call call, string key, WriteCondition? asked, CancellationToken cancellationToken)
    {
        if (call.Caller is not { IsGranted: true } || asked is { MustBeAbsent: true })
            return asked;
        if (asked is not { ETag: not null } && !await IsThereAsync(call, key, cancellationToken))
            return new() { MustBeAbsent = true };
        if (await call.WouldBeAllowedAsync(new("s3:DeleteObject", call.Request.Bucket, key), cancellationToken))
            return asked;
        return asked is { ETag: not null } ? throw new S3Exception(S3Error.AccessDenied, Refusal) : new() { MustBeAbsent = true };
    }
}
