using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Tarn.Access.Administration;

namespace Tarn.S3.Tests.Hosting;

/// <summary>The AWS SDK for .NET against a test server.</summary>
internal static class S3TestClient
{
    /// <summary>A client of root, or of a user.</summary>
    public static AmazonS3Client Client(this S3TestServer server, NewAccessKey? key = null)
        => new(new BasicAWSCredentials(key?.Id ?? S3TestServer.AccessKey, key?.Secret ?? S3TestServer.Secret), Settings(server));

    /// <summary>A client that proves nothing.</summary>
    public static AmazonS3Client Anonymous(this S3TestServer server) => new(new AnonymousAWSCredentials(), Settings(server));

    /// <summary>A user who may do everything in an account of its own.</summary>
    public static async Task<NewAccessKey> AddUserAsync(this S3TestServer server, string name, string account)
    {
        await server.Administration.CreateUserAsync(new NewUser(name, null, ["readwrite"], null, account));
        return await server.Administration.CreateKeyAsync(new KeyRequest(name));
    }

    /// <summary>Stores a text.</summary>
    public static Task<PutObjectResponse> PutAsync(this AmazonS3Client client, string bucket, string key, string text = "text")
        => client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = text });

    /// <summary>The code with which a request is refused.</summary>
    public static async Task<string> CodeAsync(Func<Task> request) => (await Assert.ThrowsAnyAsync<AmazonS3Exception>(request)).ErrorCode;

    private static AmazonS3Config Settings(S3TestServer server)
        => new() { ServiceURL = server.Http.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true, MaxErrorRetry = 0, UseHttp = true };
}
