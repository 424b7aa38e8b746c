using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Routing;

/// <summary>One row of the table of operations.</summary>
/// <param name="Name">Operation as the API reference names it.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Level">Service, bucket or object.</param>
/// <param name="SubResource">The query parameter that selects it; empty for none.</param>
/// <param name="Create">Makes the operation.</param>
internal sealed record Route(string Name, string Method, AddressLevel Level, string SubResource, Func<S3Services, IS3Operation> Create)
{
    /// <summary>What else must hold, where a header chooses between two operations (a copy source, a form); rows with a condition come first.</summary>
    public Func<S3Request, bool>? When { get; init; }

    /// <summary>True when the request is not authenticated by header or query, but by what its handler reads.</summary>
    public bool AuthenticatesItself { get; init; }

    /// <summary>True when the bucket need not exist.</summary>
    public bool MakesBucket { get; init; }

    /// <summary>A row at service level.</summary>
    public static Route Service(string name, string method, Func<S3Services, IS3Operation> create) => new(name, method, AddressLevel.Service, "", create);

    /// <summary>A row at bucket level.</summary>
    public static Route Bucket(string name, string method, string subResource, Func<S3Services, IS3Operation> create)
        => new(name, method, AddressLevel.Bucket, subResource, create);

    /// <summary>A row at object level.</summary>
    public static Route Object(string name, string method, string subResource, Func<S3Services, IS3Operation> create)
        => new(name, method, AddressLevel.Object, subResource, create);

    /// <summary>True for requests that copy from another object.</summary>
    public static bool HasCopySource(S3Request request) => request.Headers.ContainsKey("x-amz-copy-source");
}

/// <summary>A row with its operation, ready to answer.</summary>
internal sealed record RoutedOperation(Route Route, IS3Operation Operation);
