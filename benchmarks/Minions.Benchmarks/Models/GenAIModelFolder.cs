using System.Text.Json;
using System.Text.Json.Nodes;
using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.Models;

/// <summary>
/// A temporary folder that GenAI loads in place of a target's own, or of a target's and a draft's: their configurations joined, sessions set
/// as this library sets its own, and links to the models, since GenAI takes no file from outside of the folder that it loads.
/// </summary>
internal sealed class GenAIModelFolder : IDisposable
{
    private const string ConfigurationFile = "genai_config.json";

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("minions-genai-");

    /// <summary>Makes the folder.</summary>
    /// <param name="target">The target's folder.</param>
    /// <param name="draft">The draft's folder, or <see langword="null"/> for none.</param>
    /// <param name="provider">Where they run; <see cref="ExecutionProvider.Auto"/> leaves that to the target's configuration.</param>
    /// <exception cref="BadInputException">A configuration cannot be used, or a link cannot be made.</exception>
    public GenAIModelFolder(string target, string? draft, ExecutionProvider provider)
    {
        try
        {
            JsonObject whole = Read(target);
            JsonObject decoder = Decoder(whole, target);
            if (Model(whole, target).ContainsKey("draft"))
                throw new BadInputException($"'{Path.Combine(target, ConfigurationFile)}' names a draft of its own ('model.draft'), so GenAI would never decode plainly. Take a folder without one.");

            Target = GenAISession.Complete(decoder, Environment.ProcessorCount, provider, target: null);
            Link(decoder, "target", target);
            if (draft is not null)
            {
                JsonObject drafting = Read(draft);
                var block = (JsonObject)Decoder(drafting, draft).DeepClone();
                Draft = GenAISession.Complete(block, threads: 1, provider, decoder);
                DraftContextLength = (int?)Model(drafting, draft)["context_length"];
                Link(block, "draft", draft);
                Model(whole, target)["draft"] = block;
            }

            File.WriteAllText(Path.Combine(Location, ConfigurationFile), whole.ToJsonString());
        }
        catch (Exception fault)
        {
            Dispose();
            if (fault is InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
                throw new BadInputException($"No folder for GenAI can be made of '{target}'{(draft is null ? "" : $" and '{draft}'")}: {fault.Message}", fault);
            throw;
        }
    }

    public string Location => _folder.FullName;

    public GenAISession Target { get; }

    public GenAISession? Draft { get; }

    /// <summary>The draft's context in ids, where its configuration tells.</summary>
    public int? DraftContextLength { get; }

    // Of links, only they themselves are deleted.
    public void Dispose() => _folder.Delete(recursive: true);

    private static JsonObject Read(string folder)
    {
        string file = Path.Combine(folder, ConfigurationFile);
        try
        {
            return JsonNode.Parse(File.ReadAllText(file), documentOptions: Lenient) as JsonObject ?? throw new BadInputException($"'{file}' holds no JSON object.");
        }
        catch (JsonException fault)
        {
            throw new BadInputException($"'{file}' cannot be read: {fault.Message}", fault);
        }
    }

    private static JsonObject Model(JsonObject whole, string folder) => Part(whole, "model", folder);

    private static JsonObject Decoder(JsonObject whole, string folder) => Part(Model(whole, folder), "decoder", folder);

    private static JsonObject Part(JsonObject whole, string key, string folder) =>
        whole[key] as JsonObject ?? throw new BadInputException($"'{Path.Combine(folder, ConfigurationFile)}' has no object '{key}', which says how GenAI loads the model.");

    // The whole folder, since weights may lie beside the graph.
    private void Link(JsonObject decoder, string name, string folder)
    {
        Directory.CreateSymbolicLink(Path.Combine(Location, name), Path.GetFullPath(folder));
        decoder["filename"] = $"{name}/{(string?)decoder["filename"] ?? "model.onnx"}";
    }
}
