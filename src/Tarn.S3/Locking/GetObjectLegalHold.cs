using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Versions;

namespace Tarn.S3.Locking;

/// <summary>GetObjectLegalHold: whether a legal hold is on a version.</summary>
internal sealed class GetObjectLegalHold : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnObject("s3:GetObjectLegalHold", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        await call.RequireObjectLockAsync(cancellationToken);
        var record = await call.VersionAsync(cancellationToken);
        await call.RespondAsync(LegalHold.Write(record.HasLegalHold), cancellationToken);
    }
}
