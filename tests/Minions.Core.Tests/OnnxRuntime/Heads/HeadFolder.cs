using Minions.Core.OnnxRuntime;

namespace Minions.Core.Tests.OnnxRuntime.Heads;

/// <summary>A copy of the small head and its target whose files a test may spoil.</summary>
internal sealed class HeadFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public HeadFolder()
    {
        string source = Path.Combine(RepositoryFiles.Heads, "eagle3");
        foreach (string part in new[] { "eagle3", "target" })
        {
            Directory.CreateDirectory(Path.Combine(_folder.Path, part));
            foreach (string file in Directory.EnumerateFiles(Path.Combine(source, part)))
                File.Copy(file, Path.Combine(_folder.Path, part, Path.GetFileName(file)));
        }
    }

    public string Head => Path.Combine(_folder.Path, "eagle3");

    public string Target => Path.Combine(_folder.Path, "target");

    /// <summary>Options of the head as it lies there, its states named by the options.</summary>
    public OnnxHeadOptions Options => WithStates("hidden_states.0", "hidden_states.1", "hidden_states.2");

    public OnnxHeadOptions WithStates(params string[] states)
    {
        var options = new OnnxHeadOptions { Folder = Head, Target = Target };
        options.States.AddRange(states);
        return options;
    }

    public HeadFolder Write(string file, string text)
    {
        File.WriteAllText(Path.Combine(_folder.Path, file), text);
        return this;
    }

    public HeadFolder Delete(string file)
    {
        File.Delete(Path.Combine(_folder.Path, file));
        return this;
    }

    public HeadFolder Truncate(string file, long length)
    {
        using FileStream stream = File.OpenWrite(Path.Combine(_folder.Path, file));
        stream.SetLength(length);
        return this;
    }

    public async Task<OnnxTargetVerifier> LoadTargetAsync(params string[] states)
    {
        var options = new OnnxModelOptions { Folder = Target };
        options.States.AddRange(states);
        return await OnnxTargetVerifier.LoadAsync(options);
    }

    public void Dispose() => _folder.Dispose();
}
