using Amazon.S3.Model;
using Tarn.CommandLine;
using Tarn.Storage.Transfer;

namespace Tarn.Commands.S3;

/// <summary><c>tarn s3 mb</c> and <c>tarn s3 rb</c>: buckets.</summary>
internal static class S3BucketCommands
{
    public static CommandSpec Make { get; } = new("s3 mb", "make a bucket")
    {
        Arguments = [new ArgumentSpec("BUCKET", "s3://bucket or ALIAS:bucket")],
        Options = [new OptionSpec("object-lock", null, "objects can be locked; turns versioning on"), .. S3Places.Options],
        Examples = [new("tarn s3 mb s3://raw", "at the local server"), new("tarn s3 mb prod:backup --object-lock", "at a named service")],
        Run = S3Commands.With(MakeAsync),
    };

    public static CommandSpec Remove { get; } = new("s3 rb", "remove an empty bucket")
    {
        Arguments = [new ArgumentSpec("BUCKET", "s3://bucket or ALIAS:bucket")],
        Options = S3Places.Options,
        Examples = [new("tarn s3 rb s3://raw", "fails when it holds objects: 'tarn s3 rm s3://raw --recursive' removes those")],
        Run = S3Commands.With(RemoveAsync),
    };

    // Who names a key means an object or folder, and would lose or get a bucket.
    private static S3End Bucket(CommandContext context, S3Places places) => places.FindBucket(context.Words.Arguments[0]) is { Key.Length: 0 } found
        ? found
        : throw new UsageException($"'{context.Words.Arguments[0]}' is a place in a bucket; name the bucket alone");

    private static async Task<int> MakeAsync(CommandContext context, S3Places places, CancellationToken cancellationToken)
    {
        var bucket = Bucket(context, places);
        var request = new PutBucketRequest { BucketName = bucket.Bucket, ObjectLockEnabledForBucket = context.Words.Has("object-lock") };
        await bucket.Service.CallAsync(client => client.PutBucketAsync(request, cancellationToken), $"Cannot make bucket '{bucket.Text}'");
        return ExitCode.Done;
    }

    private static async Task<int> RemoveAsync(CommandContext context, S3Places places, CancellationToken cancellationToken)
    {
        var bucket = Bucket(context, places);
        await bucket.Service.CallAsync(client => client.DeleteBucketAsync(bucket.Bucket, cancellationToken), $"Cannot remove bucket '{bucket.Text}'");
        return ExitCode.Done;
    }
}
