using Tarn.Core.Errors;

namespace Tarn.Storage.Buckets;

/// <summary>Which configurations a bucket may have, and come to have.</summary>
internal static class BucketRules
{
    /// <exception cref="BucketStoreException">InvalidBucketState.</exception>
    public static void RequireConsistent(BucketRecord bucket)
    {
        if (bucket.ObjectLock is { } settings)
        {
            if (bucket.Versioning != BucketVersioning.Enabled)
                throw Refused($"The bucket '{bucket.Name}' cannot have object lock while versioning is {bucket.Versioning}; enable versioning.");
            bool isPeriodRight = settings.DefaultMode is null
                ? settings.DefaultDays is null && settings.DefaultYears is null
                : (settings.DefaultDays is > 0) ^ (settings.DefaultYears is > 0);
            if (!isPeriodRight)
                throw Refused($"The default retention of the bucket '{bucket.Name}' needs a mode and either days or years greater than 0.");
        }

        int documentBytes = bucket.Documents.Sum(d => d.Key.Length + System.Text.Encoding.UTF8.GetByteCount(d.Value));
        if (documentBytes > BucketLimits.DocumentBytes)
            throw TarnException.Invalid($"The configuration of the bucket '{bucket.Name}' is {documentBytes} bytes, more than the {BucketLimits.DocumentBytes} that are kept.");
    }

    /// <exception cref="BucketStoreException">InvalidBucketState.</exception>
    public static void RequireAllowed(BucketRecord present, BucketRecord changed)
    {
        if (present.Versioning != BucketVersioning.Off && changed.Versioning == BucketVersioning.Off)
            throw Refused($"Versioning of the bucket '{present.Name}' can be suspended, not switched off again.");
        if (present.ObjectLock is not null && changed.ObjectLock is null)
            throw Refused($"Object lock of the bucket '{present.Name}' cannot be switched off again.");
        RequireConsistent(changed);
    }

    private static BucketStoreException Refused(string message) => new(BucketFault.InvalidBucketState, message);
}
