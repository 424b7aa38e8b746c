using Amazon.S3;
using Amazon.S3.Model;
using Tarn.CommandLine;

namespace Tarn.Commands.S3;

/// <summary><c>tarn s3 presign</c>: a URL that works for a while without keys.</summary>
internal static class S3PresignCommand
{
    // docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(7);

    public static CommandSpec Spec { get; } = new("s3 presign", "make a URL by which anyone can get (or put) one object for a while")
    {
        Arguments = [new ArgumentSpec("OBJECT", "s3://bucket/key or ALIAS:bucket/key")],
        Options =
        [
            new OptionSpec("expires-in", "SECONDS", "how long it works, at most 604800 (default: 3600)"),
            new OptionSpec("method", "METHOD", "what it allows (default: GET)") { Choices = ["GET", "PUT"] },
            .. S3Places.Options,
        ],
        Examples =
        [
            new("tarn s3 presign s3://raw/orders.csv --expires-in 600", "share a file for ten minutes"),
            new("tarn s3 presign s3://raw/upload.bin --method PUT", "let somebody upload one"),
        ],
        Run = S3Commands.With(RunAsync),
    };

    private static async Task<int> RunAsync(CommandContext context, S3Places places, CancellationToken cancellationToken)
    {
        var place = places.FindObject(context.Words.Arguments[0]);
        var life = TimeSpan.FromSeconds(context.Words.Number("expires-in", least: 1) ?? 3600);
        if (life > LongestLife)
            throw new UsageException($"--expires-in {life.TotalSeconds:0} is longer than {LongestLife.TotalSeconds:0} seconds (7 days), the most that a signature may live");
        var request = new GetPreSignedUrlRequest
        {
            BucketName = place.Bucket,
            Key = place.Key,
            Verb = context.Words.Value("method") == "PUT" ? HttpVerb.PUT : HttpVerb.GET,
            Expires = DateTime.UtcNow + life,
            Protocol = place.Service.IsPlainHttp ? Protocol.HTTP : Protocol.HTTPS,
        };
        context.Streams.Out.WriteLine(await place.Service.CallAsync(client => client.GetPreSignedURLAsync(request), $"Cannot sign '{place.Text}'").WaitAsync(cancellationToken));
        return ExitCode.Done;
    }
}
