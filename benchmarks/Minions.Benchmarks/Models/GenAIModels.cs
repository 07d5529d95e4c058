using Microsoft.ML.OnnxRuntimeGenAI;
using Minions.Benchmarks.EndToEnd;
using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Core;
using Minions.Core.GenAI;
using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.Models;

/// <summary>What GenAI loads for its arms: the target alone, and with each draft that an arm names. They share nothing: GenAI has a target for each.</summary>
internal sealed class GenAIModels : IDisposable
{
    private const string NoDraft = "";

    private readonly Dictionary<string, (GenAIModelFolder Folder, Model Model)> _models = new(StringComparer.Ordinal);

    private GenAIModels()
    {
    }

    /// <summary>The target as a pipeline of this library has it, or <see langword="null"/> where no arm does.</summary>
    public ITargetVerifier? Verifier { get; private set; }

    /// <summary>How the target's session is set.</summary>
    public GenAISession Target => _models[NoDraft].Folder.Target;

    /// <summary>How the drafts' sessions are set, by name.</summary>
    public IReadOnlyDictionary<string, GenAISession> Drafts =>
        _models.Where(loaded => loaded.Key != NoDraft).ToDictionary(loaded => loaded.Key, loaded => loaded.Value.Folder.Draft!);

    /// <summary>The model for a way to decode.</summary>
    public Model For(GenAIDecoding decoding) => _models[decoding.Draft ?? NoDraft].Model;

    /// <summary>Refuses texts that a draft has no room for: GenAI has it read all that the target does.</summary>
    /// <param name="length">The ids of the longest text.</param>
    /// <exception cref="BadInputException">A draft's context is shorter.</exception>
    public void CheckRoom(int length)
    {
        foreach ((string draft, (GenAIModelFolder folder, _)) in _models)
        {
            if (folder.DraftContextLength < length)
                throw new BadInputException($"--arms: GenAI's arms with the draft '{draft}' have room for {folder.DraftContextLength} tokens, but a prompt and its answer may take {length}. Lower --max-tokens, or take shorter prompts.");
        }
    }

    /// <summary>Loads them.</summary>
    /// <param name="arms">All arms, of which one at least runs GenAI.</param>
    /// <param name="arguments">Where the models lie, and where they run.</param>
    /// <param name="cancellationToken">Stops between two models.</param>
    /// <exception cref="BadInputException">GenAI cannot load them.</exception>
    /// <exception cref="ModelLoadException">The target cannot be that of a pipeline.</exception>
    public static async Task<GenAIModels> LoadAsync(IReadOnlyList<Arm> arms, EndToEndArguments arguments, CancellationToken cancellationToken)
    {
        var models = new GenAIModels();
        try
        {
            models.Add(arms.First(arm => arm.RunsGenAI), null, arguments);
            foreach (Arm arm in arms.Where(arm => arm.GenAI?.Draft is { } draft && !models._models.ContainsKey(draft)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                models.Add(arm, arm.GenAI!.Draft, arguments);
            }

            if (arms.Any(arm => arm.TargetIsGenAI))
                models.Verifier = await GenAITargetVerifier.LoadAsync(OptionsOf(arguments), cancellationToken: cancellationToken);
            return models;
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Verifier?.Dispose();
        foreach ((GenAIModelFolder folder, Model model) in _models.Values)
        {
            model.Dispose();
            folder.Dispose();
        }
    }

    private static GenAIModelOptions OptionsOf(EndToEndArguments arguments) => new()
    {
        Folder = arguments.TargetFolder,
        Provider = arguments.Placement.Target switch { ExecutionProvider.Cpu => "cpu", ExecutionProvider.Cuda => "cuda", _ => null },
    };

    private void Add(Arm arm, string? draft, EndToEndArguments arguments)
    {
        var folder = new GenAIModelFolder(arguments.TargetFolder, draft is null ? null : arguments.DraftFolder(draft), arguments.Placement.Target);
        try
        {
            _models.Add(draft ?? NoDraft, (folder, new Model(folder.Location)));
        }
        catch (OnnxRuntimeGenAIException fault)
        {
            folder.Dispose();
            throw new BadInputException($"--arms: '{arm.Name}': ONNX Runtime GenAI cannot load the target{(draft is null ? "" : $" with the draft '{draft}'")}: {fault.Message}", fault);
        }
    }
}
