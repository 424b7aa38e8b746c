using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Versions;

namespace Tarn.S3.Locking;

/// <summary>GetObjectRetention: until when a version may not be removed.</summary>
internal sealed class GetObjectRetention : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnObject("s3:GetObjectRetention", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        await call.RequireObjectLockAsync(cancellationToken);
        var record = await call.VersionAsync(cancellationToken);
        await call.RespondAsync(Retention.Write(record.Retention ?? throw new S3Exception(S3Error.NoSuchObjectLockConfiguration)), cancellationToken);
    }
}
