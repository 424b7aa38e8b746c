using Tarn.Access.Administration;
using Tarn.Access.Secrets;
using Tarn.Core.Errors;
using Tarn.Testing.Access;

namespace Tarn.Access.Tests.Secrets;

public sealed class MasterKeyTests
{
    [Fact]
    public async Task RotateMasterKey_WithKeysPasswordsAndSessions_LosesNone()
    {
        await using var house = await AccessHouse.StartAsync();
        await house.Administration.CreateUserAsync(new NewUser("ada"));
        await house.Administration.SetPasswordAsync("ada", "correct horse");
        var key = await house.Administration.CreateKeyAsync(new KeyRequest("ada"));
        var session = await house.Tokens.GetSessionTokenAsync(await house.CallAsync(key));
        await using var other = house.Open();
        Assert.Equal(key.Secret, (await other.Control.FindAccessKeyAsync(key.Id)).Credential!.Secret);
        string before = await File.ReadAllTextAsync(MasterFile(house));

        Assert.Equal(4, await house.Administration.RotateMasterKeyAsync());

        Assert.NotEqual(before, await File.ReadAllTextAsync(MasterFile(house)));
        Assert.Single(System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(MasterFile(house))).RootElement.GetProperty("keys").EnumerateArray());
        foreach (var control in new[] { house.Control, other.Control })
        {
            Assert.Equal(key.Secret, (await control.FindAccessKeyAsync(key.Id)).Credential!.Secret);
            Assert.Equal(session.SecretAccessKey, (await control.FindAccessKeyAsync(session.AccessKeyId, session.SessionToken)).Credential!.Secret);
            Assert.NotNull(await control.AuthenticateAsync("ada", "correct horse", null, "r"));
        }
    }

    [Fact]
    public async Task RotateMasterKey_KilledBeforeTheSecretsMove_GoesOnWithBothKeys()
    {
        await using var house = await AccessHouse.StartAsync();
        ((MemoryAccessStore)house.Store).BeforeCommit = () => throw new InvalidOperationException("killed");
        await Assert.ThrowsAsync<InvalidOperationException>(() => house.Administration.RotateMasterKeyAsync().AsTask());
        ((MemoryAccessStore)house.Store).BeforeCommit = null;
        await using var restarted = house.Open();
        Assert.Equal(house.Root.Secret, (await restarted.Control.FindAccessKeyAsync(house.Root.Id)).Credential!.Secret);
        await restarted.Administration.RotateMasterKeyAsync();
        Assert.Equal(house.Root.Secret, (await house.Control.FindAccessKeyAsync(house.Root.Id)).Credential!.Secret);
    }

    [Fact]
    public async Task CreateKey_WhileAnotherProcessRotates_IsSealedWithTheKeyThatStays()
    {
        await using var house = await AccessHouse.StartAsync();
        await using var other = house.Open();
        var store = (MemoryAccessStore)house.Store;
        store.BeforeCommit = async () =>
        {
            // The secret is sealed and about to be committed: now the key it was sealed with goes.
            store.BeforeCommit = null;
            await other.Administration.RotateMasterKeyAsync();
        };
        var key = await house.Administration.CreateKeyAsync(new KeyRequest("root"));
        await using var third = house.Open();
        Assert.Equal(key.Secret, (await third.Control.FindAccessKeyAsync(key.Id)).Credential!.Secret);
    }

    [Fact]
    public async Task MasterFile_OnUnix_IsForItsOwnerOnly()
    {
        await using var house = await AccessHouse.StartAsync();
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(MasterFile(house)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Join(house.Folder, ".keys")));
        foreach (string file in Directory.EnumerateFiles(Path.Join(house.Folder, ".keys")))
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead));
    }

    [Fact]
    public async Task EnsureRoot_MasterKeyGone_SaysSoAndResetHelps()
    {
        await using var house = await AccessHouse.StartAsync();
        await house.Administration.CreateUserAsync(new NewUser("ada"));
        var key = await house.Administration.CreateKeyAsync(new KeyRequest("ada"));
        File.Delete(MasterFile(house));
        await using var restarted = house.Open();
        var error = await Assert.ThrowsAsync<TarnException>(() => restarted.Administration.EnsureRootAsync().AsTask());
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        Assert.Contains("tarn user reset root", error.Message, StringComparison.Ordinal);

        var root = await restarted.Administration.ResetUserAsync("root");
        var caller = (await restarted.Control.FindAccessKeyAsync(root.Id)).Credential!.Caller;
        Assert.NotNull(await restarted.Tokens.GetSessionTokenAsync(caller));
        Assert.Equal(ErrorKind.DataCorrupted, (await Assert.ThrowsAsync<TarnException>(() => restarted.Control.FindAccessKeyAsync(key.Id).AsTask())).Kind);
    }

    [Fact]
    public async Task Seal_ForOnePurpose_DoesNotOpenForAnother()
    {
        await using var house = await AccessHouse.StartAsync();
        var vault = new SecretVault(Path.Join(house.Folder, ".keys"), house.Time, Identities.SystemRandom.Instance);
        string sealedText = vault.Seal("access key 'A'", "secret");
        Assert.Equal("secret", vault.OpenText("access key 'A'", sealedText));
        Assert.Null(vault.TryOpen("access key 'B'", sealedText));
        Assert.Null(vault.TryOpen("access key 'A'", sealedText[..^4] + "AAA="));
        Assert.Null(vault.TryOpen("access key 'A'", "secret"));
    }

    [Fact]
    public void PasswordVerifier_RoundTrip_MatchesThePasswordOnly()
    {
        var verifier = PasswordVerifier.Parse(PasswordVerifier.Create("pencil and paper", Identities.SystemRandom.Instance).ToString());
        Assert.True(verifier.IsMatch("pencil and paper"));
        Assert.False(verifier.IsMatch("pencil and papeR"));
    }

    // The example of RFC 7677 section 3: user "user", password "pencil".
    [Fact]
    public void PasswordVerifier_OfTheRfcExample_VerifiesItsProof()
    {
        const string message = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        byte[] salted = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2("pencil"u8, Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096, System.Security.Cryptography.HashAlgorithmName.SHA256, 32);
        byte[] client = System.Security.Cryptography.HMACSHA256.HashData(salted, "Client Key"u8);
        byte[] stored = System.Security.Cryptography.SHA256.HashData(client), server = System.Security.Cryptography.HMACSHA256.HashData(salted, "Server Key"u8);
        var verifier = PasswordVerifier.Parse($"SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}");
        Assert.True(verifier.IsMatch("pencil"));
        byte[] signature = System.Security.Cryptography.HMACSHA256.HashData(verifier.StoredKey, System.Text.Encoding.ASCII.GetBytes(message));
        byte[] proof = [.. Convert.FromBase64String("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=").Zip(signature, (p, s) => (byte)(p ^ s))];
        Assert.Equal(verifier.StoredKey, System.Security.Cryptography.SHA256.HashData(proof));
        Assert.Equal("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Convert.ToBase64String(System.Security.Cryptography.HMACSHA256.HashData(verifier.ServerKey, System.Text.Encoding.ASCII.GetBytes(message))));
    }

    private static string MasterFile(AccessHouse house) => Path.Join(house.Folder, ".keys", "master.json");
}
