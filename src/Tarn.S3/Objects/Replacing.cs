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
    /// <summary>The condition under which an object is stored, refusing at once what it would refuse in the end.</summary>
    /// <exception cref="S3Exception">AccessDenied.</exception>
    public static ValueTask<WriteCondition?> LimitAsync(S3Call call, ObjectCommit commit, CancellationToken cancellationToken) =>
        LimitAsync(call, commit.Key, commit.Condition, cancellationToken);

    /// <summary>
    /// What is stored, looked at once more when its content is there: that may have taken long, and what lies in the folder that the keys are for may have come to
    /// somebody else meanwhile, or by a merge to another branch.
    /// </summary>
    /// <exception cref="S3Exception">AccessDenied.</exception>
    public static async ValueTask<ObjectCommit> ConfirmAsync(S3Call call, ObjectCommit commit, CancellationToken cancellationToken) =>
        commit with { Condition = await ConfirmAsync(call, commit.Key, commit.Condition, cancellationToken) };

    /// <summary>The same of an upload that is completed.</summary>
    /// <exception cref="S3Exception">AccessDenied.</exception>
    public static async ValueTask<WriteCondition?> ConfirmAsync(S3Call call, string key, WriteCondition? asked, CancellationToken cancellationToken)
    {
        await RequireStillGrantedAsync(call, key, cancellationToken);
        return await LimitAsync(call, key, asked, cancellationToken);
    }

    /// <summary>Whether keys may store an object still.</summary>
    /// <exception cref="S3Exception">AccessDenied.</exception>
    public static ValueTask RequireStillGrantedAsync(S3Call call, string key, CancellationToken cancellationToken) =>
        call.RequireStillGrantedAsync(new S3Permission("s3:PutObject", call.Request.Bucket, key), cancellationToken);

    // What is not there takes nothing away, which is not worth a question. It is stored as new then, since somebody else may be as quick.
    private static async ValueTask<WriteCondition?> LimitAsync(S3Call call, string key, WriteCondition? asked, CancellationToken cancellationToken)
    {
        if (call.Caller is not { IsGranted: true } || asked is { MustBeAbsent: true })
            return asked;
        if (asked is not { ETag: not null } && await call.Services.Store.HeadAsync(call.Request.Bucket, key, null, cancellationToken) is not { IsDeleteMarker: false })
            return new() { MustBeAbsent = true };
        return await call.FindDenialAsync(new("s3:DeleteObject", call.Request.Bucket, key), cancellationToken) is { } denial
            ? throw new S3Exception(S3Error.AccessDenied, $"There is an object of this name, and to replace it takes s3:DeleteObject. {denial}")
            : asked;
    }
}
