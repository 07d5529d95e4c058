using System.Text.Json.Nodes;

namespace Minions.Core.Tests.Tokenization;

/// <summary>A folder of its own for a changed tokenizer, gone after the test.</summary>
internal sealed class ModelFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("minions-tokenizer-").FullName;

    public string File => System.IO.Path.Combine(Path, "tokenizer.json");

    /// <summary>A copy of one of the reference tokenizers, changed.</summary>
    public static ModelFolder From(string name, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(System.IO.File.ReadAllText(System.IO.Path.Combine(RepositoryFiles.Tokenizers, name, "tokenizer.json")))!.AsObject();
        change(json);
        return new ModelFolder().Write("tokenizer.json", json.ToJsonString());
    }

    public ModelFolder Write(string name, string content)
    {
        System.IO.File.WriteAllText(System.IO.Path.Combine(Path, name), content);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
