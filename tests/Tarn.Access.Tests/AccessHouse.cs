using Tarn.Access.Administration;
using Tarn.Access.Policies;
using Tarn.Access.Sessions;
using Tarn.Access.Store;
using Tarn.Testing.Access;
using Tarn.Testing.Files;
using Tarn.Testing.Time;

namespace Tarn.Access.Tests;

/// <summary>Identity over memory and a temporary folder, with root made.</summary>
internal sealed class AccessHouse : IAsyncDisposable
{
    public const string Bucket = "arn:aws:s3:::lake";

    private readonly TemporaryFolder _folder = new();
    private readonly AccessServices _services;

    public AccessHouse(IAccessStore? store = null)
    {
        Store = store ?? new MemoryAccessStore();
        _services = Open();
    }

    public IAccessStore Store { get; }

    public FixedTime Time { get; } = new();

    public string Folder => _folder.Path;

    public IAccessControl Control => _services.Control;

    public AccessAdministration Administration => _services.Administration;

    public SecurityTokenService Tokens => _services.Tokens;

    public NewAccessKey Root { get; private set; } = null!;

    public string Account { get; private set; } = "";

    public static async Task<AccessHouse> StartAsync()
    {
        var house = new AccessHouse();
        var start = await house.Administration.EnsureRootAsync();
        await house.Administration.NoteRootShownAsync(start.Generated!.Id);
        (house.Root, house.Account) = (start.Generated!, start.AccountId);
        return house;
    }

    /// <summary>Identity as another process has it.</summary>
    public AccessServices Open() => new(Store, new AccessOptions { DataFolder = _folder.Path, Time = Time, Principal = "local:test" });

    /// <summary>A user with policies and a key.</summary>
    public async Task<Caller> AddUserAsync(string name, params string[] policies)
    {
        await Administration.CreateUserAsync(new NewUser(name, Policies: policies));
        return await CallAsync(await Administration.CreateKeyAsync(new KeyRequest(name)));
    }

    /// <summary>Who acts with a key.</summary>
    public async Task<Caller> CallAsync(NewAccessKey key) => (await Control.FindAccessKeyAsync(key.Id)).Credential!.Caller;

    /// <summary>Who acts with a temporary key.</summary>
    public async Task<Caller> CallAsync(TemporaryCredential key) => (await Control.FindAccessKeyAsync(key.AccessKeyId, key.SessionToken)).Credential!.Caller;

    public async Task<AccessDecision> DecideAsync(Caller? caller, string action, string resource, string? resourcePolicy = null, string? owner = null, ConditionValues? conditions = null) =>
        await Control.AuthorizeAsync(new AccessRequest
        {
            Caller = caller,
            Action = action,
            Resource = resource,
            ResourcePolicies = resourcePolicy is null ? [] : [PolicyDocument.Parse(resourcePolicy, PolicyKind.Resource)],
            ResourceOwner = owner,
            Conditions = conditions ?? ConditionValues.Empty,
        });

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }
}
