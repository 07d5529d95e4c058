using Google.Protobuf;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Heads;

/// <summary>A synthetic target in the layout of ONNX Runtime GenAI, and a head of multi-token prediction: in the same folder, or in one of its own.</summary>
internal sealed class MtpFolder : IDisposable
{
    public const string States = "hidden_states";

    private const string Section = """
        "mtp": {"filename": "mtp.onnx", "num_hidden_layers": 1, MAIN
          "inputs": {"input_ids": "input_ids", "hidden_states": "hidden_states", "attention_mask": "attention_mask",
                     "past_key_names": "past_key_values.%d.key", "past_value_names": "past_key_values.%d.value"},
          "outputs": {"logits": "logits", "hidden_states": "mtp_states", "present_key_names": "present.%d.key", "present_value_names": "present.%d.value"}}
        """;

    private static readonly SyntheticOptions Options = new() { GroupQuery = true };

    private readonly TemporaryFolder _folder = new();

    /// <param name="borrows">Whether the head borrows embedding and head matrix, and has a folder of its own.</param>
    /// <param name="element">The element type of states, in the target and in the head.</param>
    /// <param name="givesStates">Whether the target's graph has an output for the states behind the final normalisation.</param>
    public MtpFolder(bool borrows, int element = OnnxElement.Float, bool givesStates = true)
    {
        Borrows = borrows;
        Model = Target(element);
        Graph = borrows ? SyntheticMtpHead.BuildBorrowing(element) : SyntheticMtpHead.BuildWhole(element);
        SyntheticFolder.Write(Folder, Options, givesStates ? Model : SyntheticDecoder.Build(Options));
        WriteConfiguration(borrows ? null : Section.Replace("MAIN", givesStates ? "\"main_hidden_states\": \"hidden_states\"," : "", StringComparison.Ordinal), givesStates);
        Directory.CreateDirectory(HeadFolder);
        WriteHead(Graph);
    }

    public bool Borrows { get; }

    /// <summary>The target's graph with the states as an output, whether its folder has that or not.</summary>
    public OnnxModel Model { get; }

    /// <summary>The head's graph.</summary>
    public OnnxModel Graph { get; }

    public string Folder => Path.Combine(_folder.Path, "target");

    public string HeadFolder => Borrows ? Path.Combine(_folder.Path, "head") : Folder;

    public OnnxHeadOptions HeadOptions
    {
        get
        {
            var options = new OnnxHeadOptions { Folder = HeadFolder, Target = Borrows ? Folder : null };
            if (Borrows)
                options.States.Add("final");
            return options;
        }
    }

    public void WriteHead(OnnxModel head) => File.WriteAllBytes(Path.Combine(HeadFolder, "mtp.onnx"), head.ToByteArray());

    /// <summary>Writes the configuration with the usual section, with another text in place of it, or with none.</summary>
    public void WriteConfiguration(string? section, bool givesStates = true)
    {
        string states = givesStates ? ", \"hidden_states\": \"hidden_states\"" : "";
        string own = section is null ? "" : $", {section}";
        File.WriteAllText(Path.Combine(Folder, "genai_config.json"), $$"""
            {"model": {"type": "synthetic", "context_length": {{Options.ContextLength}}, "vocab_size": {{SyntheticOptions.Vocabulary}}, "eos_token_id": 0,
              "decoder": {"filename": "model.onnx", "num_hidden_layers": {{Options.Layers}}, "num_key_value_heads": {{SyntheticOptions.Heads}}, "head_size": {{SyntheticOptions.HeadSize}},
                "hidden_size": {{SyntheticOptions.Hidden}}, "outputs": {"logits": "logits"{{states}} } }{{own}} } }
            """);
    }

    public async Task<OnnxTargetVerifier> LoadTargetAsync(OnnxHeadModel head)
    {
        var options = new OnnxModelOptions { Folder = Folder };
        options.States.AddRange(head.RequiredStates);
        return await OnnxTargetVerifier.LoadAsync(options);
    }

    public void Dispose() => _folder.Dispose();

    private static OnnxModel Target(int element)
    {
        OnnxModel model = SyntheticDecoder.Build(Options);
        OnnxNode final = model.Graph.Node.Last(Normalisations.Is);
        model.Graph.Node.Add(new OnnxNode { Name = States, OpType = "Cast", Input = { final.Output[0] }, Output = { States }, Attribute = { GraphBuilder.Attribute("to", element) } });
        model.Graph.Output.Add(ValueTypes.Rows(States, element, SyntheticOptions.Hidden, model.Graph, "input_ids"));
        return model;
    }
}
