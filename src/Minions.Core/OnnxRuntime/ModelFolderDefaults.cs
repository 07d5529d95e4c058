using Minions.Core.Generation;
using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime;

/// <summary>Reads what the files of a model folder recommend, for targets of your own that run such a folder.</summary>
public static class ModelFolderDefaults
{
    /// <summary>Reads <c>search</c> of <c>genai_config.json</c>, or else <c>generation_config.json</c>.</summary>
    /// <param name="folder">The model folder.</param>
    /// <returns>What was found; <see cref="ModelDefaults.None"/> where the folder recommends nothing.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    /// <exception cref="ModelLoadException">The folder or a file that should hold it cannot be read.</exception>
    public static ModelDefaults Read(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return GenAiLayout.ReadDefaults(folder) ?? ModelFolder.Read(folder).Defaults;
    }
}
