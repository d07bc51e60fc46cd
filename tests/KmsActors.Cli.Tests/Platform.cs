using System.Runtime.Versioning;

// The server under test needs Unix file modes.
[assembly: UnsupportedOSPlatform("windows")]
