namespace Minions.Extensions.AI.Chat;

/// <summary>What a model is called whose folder is all that is known.</summary>
internal static class ModelName
{
    // Names of a folder's part in something larger.
    private static readonly string[] Roles = ["target", "model", "onnx"];

    /// <summary>
    /// The name of the folder; of a snapshot in a download cache that of its repository, and of a folder that is named after its part that of the folder
    /// it lies in.
    /// </summary>
    public static string? Of(string? folder)
    {
        if (string.IsNullOrWhiteSpace(folder))
            return null;

        var directory = new DirectoryInfo(folder);
        if (directory.Parent is { Name: "snapshots", Parent.Name: { } repository } && repository.StartsWith("models--", StringComparison.Ordinal))
            return repository["models--".Length..].Replace("--", "/", StringComparison.Ordinal);

        return directory.Parent is { Parent: not null } parent && Roles.Contains(directory.Name, StringComparer.OrdinalIgnoreCase) ? parent.Name : directory.Name;
    }
}
